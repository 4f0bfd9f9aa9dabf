import { plainReading } from "../internal/plain-reading.ts";
import { plainYamlDepth, readPlainYaml } from "../internal/plain-yaml.ts";
import { parseYaml, type ParseYamlOptions, type YamlReading } from "./yaml-document.ts";

/**
 * Reads one YAML 1.2 document as {@link parseYaml} does. Plain text is read without the parser, which takes a tenth of the time and gives the same;
 * whatever else there is to know about it is asked of the parser when it is asked for.
 */
export function readYaml(text: string, options: ParseYamlOptions): YamlReading {
  const { limits, lint = false } = options;
  // Within these no bound can be passed: no text has more values than characters. What lint remarks only the parser knows.
  const bounded = text.length <= limits.maxNodes && limits.maxDepth >= 2 * plainYamlDepth;
  const plain = lint || !bounded ? null : readPlainYaml(text);
  return plain === null ? parseYaml(text, options) : plainReading(plain, () => parseYaml(text, options));
}
