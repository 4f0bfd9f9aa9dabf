import type { JsonObject } from "../json.ts";
import type { YamlEdit } from "../writing/yaml-edit.ts";

/** One step between two versions of a kind's format that follow each other, as edits, so that all else in the text stays as it is. */
export interface SchemaMigration {
  readonly kind: string;
  /** The older version; the newer one is `from + 1`. */
  readonly from: number;
  /** What it does, in one sentence for people. */
  readonly summary: string;
  /** The edits that bring valid data of the older version to the newer one; the name of the schema is not among them. */
  readonly up: (data: JsonObject) => readonly YamlEdit[];
  /** The edits that bring data of the newer version to the older one: `down` after `up` gives the data again. */
  readonly down: (data: JsonObject) => readonly YamlEdit[];
}
