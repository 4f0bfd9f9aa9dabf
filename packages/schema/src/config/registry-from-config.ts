import { type Finding, type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type JsonObject } from "../json.ts";
import { type KindDefinition } from "../kinds/kind-definition.ts";
import { createKindRegistry, type KindRegistry } from "../kinds/kind-registry.ts";
import { type GovConfig } from "./gov-config.ts";

/**
 * Makes the registry of kinds that a configuration describes.
 *
 * @param files - the JSON Schemas at the paths that {@link govConfigFiles} lists; schemas may refer to each other by these paths.
 */
export function registryFromConfig(config: GovConfig, files: ReadonlyMap<string, JsonObject>): Result<KindRegistry> {
  const findings: Finding[] = [];
  const kinds = config.kinds.map(({ schema, ...kind }): KindDefinition => {
    if (typeof schema !== "string") return schema === undefined ? kind : { ...kind, schema };
    const read = files.get(schema);
    if (read !== undefined) return { ...kind, schema: read };
    const message = `Kind "${kind.name}" has no schema: "${schema}" was not read`;
    findings.push(makeFinding("SCHEMA_CONFIG", message, { path: config.path, expected: "a JSON Schema at that path beside gov.yaml" }));
    return kind;
  });
  if (findings.length > 0) return { ok: false, findings };
  const registry = createKindRegistry({ kinds, schemas: files });
  return { ...registry, findings: registry.findings.map((finding) => ({ ...finding, path: finding.path ?? config.path })) };
}
