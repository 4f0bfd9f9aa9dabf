import type { Tag } from "../artifact.ts";
import type { Finding, Position, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isNumeric, type TagTaxonomy } from "./compile-condition.ts";

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
  const definitions = readOnce(taxonomy);
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

interface TagDefinition {
  readonly values: readonly (string | number)[];
  readonly default: string | number;
  readonly coerce: (value: string) => string | number | null;
}

const readBefore = new WeakMap<TagTaxonomy, ReadonlyMap<string, TagDefinition>>();

/** A taxonomy is read once, while somebody holds it: rules are evaluated over many documents. */
function readOnce(taxonomy: TagTaxonomy): ReadonlyMap<string, TagDefinition> {
  const known = readBefore.get(taxonomy);
  if (known !== undefined) return known;
  const definitions = new Map<string, TagDefinition>();
  for (const definition of taxonomy) {
    const { name, values } = definition;
    const plain = coerce(definition.default, values) ?? definition.default;
    const first = definitions.get(name);
    // Of definitions of one name the first says what is accepted, and the last what is not said.
    definitions.set(name, first === undefined ? { values, default: plain, coerce: coercion(values) } : { ...first, default: plain });
  }
  readBefore.set(taxonomy, definitions);
  return definitions;
}

function coercion(values: readonly (string | number)[]): (value: string) => string | number | null {
  if (values.length === 0) return (value) => value;
  const byText = new Map<string, string | number>();
  for (const value of values) if (!byText.has(String(value))) byText.set(String(value), isNumeric(values) ? value : String(value));
  return (value) => byText.get(value) ?? null;
}

// Only the shortest decimal form of a number means it: neither "00" nor "0x0" nor " 0" is 0.
function coerce(value: string | number, values: readonly (string | number)[]): string | number | null {
  if (values.length === 0) return String(value);
  const match = values.find((candidate) => String(candidate) === String(value));
  if (match === undefined) return null;
  return isNumeric(values) ? match : String(match);
}
