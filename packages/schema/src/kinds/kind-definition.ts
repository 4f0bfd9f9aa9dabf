import { type ArtifactStatus, type DocumentFormat } from "../artifact.ts";
import { type Severity } from "../finding.ts";
import { type JsonObject } from "../json.ts";
import { type FrontMatterDialect } from "../reading/parse-document.ts";
import { type StandardSchema } from "../validate/standard-schema.ts";

/** Name of a field that a kind may place somewhere of its own. */
export type KindFieldName = "id" | "version" | "status" | "title" | "owners" | "tags";

/**
 * Where a field stands: an RFC 6901 pointer into the data, or a part of the path: `stem` is the file name without extensions,
 * `name` the file name, `directory` the name of its folder, `path` the whole path.
 */
export type KindField = string | { readonly path: "stem" | "name" | "directory" | "path" };

/** Where references to other artifacts stand in a document. */
export interface ReferenceField {
  /** RFC 6901 pointer into the data; the segment `*` means every item of a list. */
  readonly field: string;
  /** What the values are: ids of artifacts, or paths (a leading slash means the root; a folder counts when a document stands under it). */
  readonly by: "id" | "path";
  /** Kinds a target by id may have. @default any */
  readonly kinds?: readonly string[] | undefined;
  /** Values that are no reference: exact, or prefixes that end in `*`, such as `n/a` or `https://*`. @default none */
  readonly ignore?: readonly string[] | undefined;
  /** Weight of a target that is not there. @default "error" */
  readonly severity?: Severity | undefined;
}

/** A kind of document as plain data: which files it has, what they must look like, and where their metadata stands (SCH-10). */
export interface KindDefinition {
  /** Lower-case letters, digits, `_` and `-`, beginning with a letter. */
  readonly name: string;
  /** Globs of its files, relative to the governed root; without any, documents name the kind in their metadata. */
  readonly include: readonly string[];
  /** Globs of files it leaves out. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** How its files are written. @default by extension */
  readonly format?: DocumentFormat | "jsonc" | undefined;
  /** How its front matter is written. @default "auto" for `.mdc`, "yaml" otherwise */
  readonly frontMatter?: FrontMatterDialect | undefined;
  /** JSON Schema 2020-12 its data must satisfy, or a Standard Schema validator (zod, valibot and others). @default any data will do */
  readonly schema?: JsonObject | StandardSchema | undefined;
  /**
   * Schemas of later versions of its format, by their number, 2 and up; `schema` is the first. A document says which it follows in `$schema`, as
   * `urn:gov:schema:<name>:<version>` or a path that ends in `<name>-v<version>.json`. @default none
   */
  readonly versions?: Readonly<Record<number, JsonObject | StandardSchema>> | undefined;
  /** Where its fields stand. @default in the metadata, by their own names; without an id there, the path is the id */
  readonly fields?: { readonly [K in KindFieldName]?: KindField | undefined } | undefined;
  /** The kind's own status words and the status each means; a word that is not listed means none. @default the three statuses themselves */
  readonly statuses?: Readonly<Record<string, ArtifactStatus>> | undefined;
  /** Where its references stand. @default none */
  readonly references?: readonly ReferenceField[] | undefined;
  /** Whether id, version and status must be there (SCH-01). @default false */
  readonly requireMetadata?: boolean | undefined;
}
