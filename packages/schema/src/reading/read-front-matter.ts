import { type Finding, type Position } from "../finding.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { readLineDialect } from "./line-dialect.ts";
import { type ReadLimits } from "./read-limits.ts";
import { readYaml } from "./read-yaml.ts";

/** What stands between the fences of front matter, as a value with every remark. */
export interface FrontMatterReading {
  readonly dialect: "yaml" | "line";
  readonly data: JsonValue;
  readonly findings: readonly Finding[];
  readonly locate: (segments: readonly string[]) => number;
  readonly sourceText: (segments: readonly string[]) => string | null;
}

interface FrontMatterOptions {
  readonly path: string;
  readonly limits: ReadLimits;
  readonly lint: boolean;
  readonly place: (offset: number) => Position;
}

/** Reads front matter as YAML, as lines, or as YAML where it is YAML and as lines where it is not. */
export function readFrontMatter(text: string, dialect: "yaml" | "line" | "auto", options: FrontMatterOptions): FrontMatterReading {
  const yaml = dialect === "line" ? null : readYamlMapping(text, options);
  if (yaml !== null && (dialect === "yaml" || !hasError(yaml.findings))) return yaml;
  const line: FrontMatterReading = { ...readLineDialect(text, options), dialect: "line", sourceText: () => null };
  if (yaml === null) return line;
  const reason = yaml.findings.find((finding) => finding.severity === "error");
  // Nested or broken YAML is no rule file: its own errors say more than the line reader's.
  if (hasError(line.findings) || reason === undefined) return yaml;
  const remark = makeFinding("SCHEMA_LINE_DIALECT", `Front matter is not YAML and is read as "key: value" lines: ${reason.message}`, {
    path: options.path,
    at: reason.line === null || reason.column === null ? null : { line: reason.line, column: reason.column },
    severity: "note",
  });
  return { ...line, findings: [remark, ...line.findings] };
}

function readYamlMapping(text: string, options: FrontMatterOptions): FrontMatterReading {
  const yaml = readYaml(text, options);
  if (yaml.empty && !hasError(yaml.findings)) return { ...yaml, dialect: "yaml", data: {} };
  if (hasError(yaml.findings) || isJsonObject(yaml.data)) return { ...yaml, dialect: "yaml" };
  const at = options.place(yaml.locate([]));
  const finding = makeFinding("SCHEMA_FRONT_MATTER", "Front matter is not a mapping", {
    path: options.path,
    at,
    expected: '"key: value" lines',
  });
  return { ...yaml, dialect: "yaml", findings: [...yaml.findings, finding] };
}
