import { type JsonObject } from "../json.ts";
import { type KindDefinition } from "../kinds/kind-definition.ts";
import { type ReadLimits } from "../reading/read-limits.ts";

/** A kind of `gov.yaml`: as in a registry, its schemas perhaps still paths. */
export interface ConfiguredKind extends Omit<KindDefinition, "schema" | "versions"> {
  /** A JSON Schema, or the normalized path of one relative to the folder of `gov.yaml`. */
  readonly schema?: JsonObject | string | undefined;
  /** The same for later versions of its format, by their number. @default none */
  readonly versions?: Readonly<Record<number, JsonObject | string>> | undefined;
}

/** Where a rulebook that a configuration extends comes from: a file beside `gov.yaml` or elsewhere, or a file of an installed npm package. */
export type RulebookSource =
  | { readonly type: "file"; readonly source: string }
  | { readonly type: "package"; readonly source: string; readonly name: string; readonly path: string };

/** `gov.yaml` with every default filled in. */
export interface GovConfig {
  /** Path it was read from. */
  readonly path: string;
  /** Name of the preset that rules are resolved on. @default "be" */
  readonly preset: string;
  /** Rulebooks between preset and the root's own, the first the weakest; how each is read is for the caller. */
  readonly extends: readonly RulebookSource[];
  /** Globs of governed documents, relative to the governed root. */
  readonly documents: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly kinds: readonly ConfiguredKind[];
  /** Globs of the rule documents. @default rules/*.mdc, rulebook.yaml, rbac_policy.yaml */
  readonly rules: readonly string[];
  /**
   * Reports that gates judge besides the documents, relative to the governed root, null where none is named; and the services whose
   * `/health` they ask. Gates that need what is not named fail.
   */
  readonly evidence: { readonly coverage: string | null; readonly issues: string | null; readonly health: readonly string[] };
  /** Where the chained log of decisions is kept: in the file that the governed root carries, or under a name in PostgreSQL. @default file */
  readonly log: LogPlace;
  /** Where the record of the bridge is kept, and how its entries travel there. @default file, direct */
  readonly record: LogPlace & { readonly transport: "direct" | "nats" };
  /** Globs of the documents of each vertical that verification reports speak of, by name; empty when none is named. */
  readonly verticals: Readonly<Record<string, readonly string[]>>;
  readonly limits: ReadLimits;
}

/** Where a log or a record is kept. */
export type LogPlace = { readonly store: "file" } | { readonly store: "postgres"; readonly name: string };

/** What is governed when `gov.yaml` does not say: every document of a known format; excludes always hold. */
export const defaultDocuments: GovConfig["documents"] = {
  include: ["**/*.{md,markdown,mdx,mdc,yaml,yml,json}"],
  exclude: ["**/node_modules/**", "**/.git/**", ".gov/**", "gov.yaml", "artifacts_index.json"],
};

/** Where rule documents are when `gov.yaml` does not say. */
export const defaultRules: readonly string[] = ["rules/*.mdc", "rulebook.yaml", "rbac_policy.yaml"];
