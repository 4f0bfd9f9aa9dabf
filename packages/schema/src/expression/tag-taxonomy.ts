import type { RulebookSpec } from "../rules.ts";

/** The tags a rulebook knows, with their values and defaults: `governance.tags` (GOV-01). */
export type TagTaxonomy = RulebookSpec["governance"]["tags"];

/** What a tag may be. */
export interface TagDefinition {
  /** As the taxonomy lists them; any text where it lists none. */
  readonly values: readonly (string | number)[];
  /** What a tag is that nobody writes. */
  readonly default: string | number;
  /** True when every value is a number, the default too, so that `"0"` means 0. */
  readonly isNumeric: boolean;
  /** The value that a text means; null where it is none of the tag's. */
  readonly coerce: (value: string) => string | number | null;
}

const readBefore = new WeakMap<TagTaxonomy, ReadonlyMap<string, TagDefinition>>();

/** The definitions of a taxonomy by name. It is read once, while somebody holds it: rules are evaluated over many documents. */
export function tagDefinitions(taxonomy: TagTaxonomy): ReadonlyMap<string, TagDefinition> {
  const known = readBefore.get(taxonomy);
  if (known !== undefined) return known;
  const given = new Map<string, Pick<TagDefinition, "values" | "default">>();
  // Of definitions of one name the first says what is accepted, and the last what is not said.
  for (const { name, values, default: plain } of taxonomy) given.set(name, { values: given.get(name)?.values ?? values, default: plain });
  const definitions = new Map([...given].map(([name, { values, default: plain }]) => [name, definitionOf(values, plain)]));
  readBefore.set(taxonomy, definitions);
  return definitions;
}

// Only the shortest decimal form of a number means it: neither "00" nor "0x0" nor " 0" is 0.
function definitionOf(values: readonly (string | number)[], plain: string | number): TagDefinition {
  if (values.length === 0) return { values, default: String(plain), isNumeric: false, coerce: (value) => value };
  const listed = values.find((value) => String(value) === String(plain)) ?? plain;
  const isNumeric = [...values, listed].every((value) => typeof value === "number");
  const byText = new Map(values.toReversed().map((value) => [String(value), isNumeric ? value : String(value)]));
  return { values, default: isNumeric ? listed : String(plain), isNumeric, coerce: (value) => byText.get(value) ?? null };
}
