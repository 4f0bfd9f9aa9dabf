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
  const kinds = config.kinds.map(({ schema, versions, ...kind }): KindDefinition => {
    const schemaOf = (source: JsonObject | string): JsonObject => {
      if (typeof source !== "string") return source;
      const read = files.get(source);
      if (read !== undefined) return read;
      const message = `Kind "${kind.name}" has no schema: "${source}" was not read`;
      findings.push(makeFinding("SCHEMA_CONFIG", message, { path: config.path, expected: "a JSON Schema at that path beside gov.yaml" }));
      return {};
    };
    return {
      ...kind,
      ...(schema === undefined ? {} : { schema: schemaOf(schema) }),
      ...(versions === undefined
        ? {}
        : { versions: Object.fromEntries(Object.entries(versions).map(([number, source]) => [number, schemaOf(source)])) }),
    };
  });
  if (findings.length > 0) return { ok: false, findings };
  const registry = createKindRegistry({ kinds, schemas: files });
  return { ...registry, findings: registry.findings.map((finding) => ({ ...finding, path: finding.path ?? config.path })) };
}
