import type { Tag } from "../artifact.ts";
import type { Finding, Position, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { tagDefinitions, type TagTaxonomy } from "./tag-taxonomy.ts";

/** How tags are held against a taxonomy. */
export interface CoerceTagsOptions {
  /** `closed` refuses tags the taxonomy does not name, `free` leaves them out. @default "free" */
  readonly mode?: "free" | "closed" | undefined;
  /** Where the tags are written, for the findings. */
  readonly place?:
    | {
        readonly path: string | null;
        readonly at?: Position | null | undefined;
      }
    | undefined;
}

/**
 * Gives the value of every tag of a taxonomy, for conditions: the value written, as the taxonomy types it, else its default (B-08).
 * `"0"` becomes 0 where the values are numbers; a value that the taxonomy does not list is a finding, never silently ignored.
 *
 * @returns the values by tag name, in an object without a prototype.
 */
export function coerceTags(
  tags: readonly Tag[],
  taxonomy: TagTaxonomy,
  options: CoerceTagsOptions = {},
): Result<Readonly<Record<string, string | number>>> {
  const { mode = "free", place = { path: null } } = options;
  const findings: Finding[] = [];
  const refuse = (message: string, expected?: string): void =>
    void findings.push(makeFinding("SCHEMA_TAG", message, { ...place, expected }));
  const definitions = tagDefinitions(taxonomy);
  const values = Object.create(null) as Record<string, string | number>;
  for (const [name, definition] of definitions) values[name] = definition.default;
  const seen = new Map<string, string | number>();
  for (const { key, value } of tags) {
    const definition = definitions.get(key);
    if (definition === undefined) {
      if (mode === "closed") refuse(`Tag "${key}" is not in the taxonomy`, taxonomy.map(({ name }) => `"${name}"`).join(", "));
      continue;
    }
    const coerced = value === null ? null : definition.coerce(value);
    if (coerced === null) {
      refuse(
        value === null ? `Tag "${key}" has no value` : `Tag "${key}" has a value that is none of its values: "${value}"`,
        definition.values.map((one) => JSON.stringify(one)).join(", "),
      );
      continue;
    }
    const before = seen.get(key);
    if (before !== undefined && before !== coerced)
      refuse(`Tag "${key}" has two values: ${JSON.stringify(before)} and ${JSON.stringify(coerced)}`);
    seen.set(key, coerced);
    values[key] = coerced;
  }
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: values, findings };
}
