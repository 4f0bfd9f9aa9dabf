import { z } from "zod";
import { artifactStatuses } from "../artifact.ts";
import { schemaNameV1 } from "./document-text.ts";

const glob = z.string().min(1).max(512);
const pointer = z.string().regex(/^(?:\/[^/]*)*$/);
const field = z.union([pointer, z.strictObject({ path: z.enum(["stem", "name", "directory", "path"]) })]);

/** A JSON Schema, or the path of one relative to the folder of `gov.yaml`. */
const schemaSource = z.union([z.string().min(1), z.looseObject({})]);

/** A user's own kind as written in `gov.yaml`: where its documents are, and where their id, status and references stand. */
export const kindConfigV1 = z.strictObject({
  include: z.array(glob).min(1),
  exclude: z.array(glob).optional(),
  format: z.enum(["markdown", "yaml", "json", "jsonc", "opaque"]).optional(),
  front_matter: z.enum(["yaml", "line", "auto", "headers", "rfc822"]).optional(),
  schema: schemaSource.optional(),
  /** Schemas of later versions of its format, by number in quotes, from 2 on; `schema` is the first. */
  versions: z.record(z.string().regex(/^(?:[2-9]|[1-9][0-9]{1,8})$/), schemaSource).optional(),
  fields: z
    .strictObject({
      id: field.optional(),
      version: field.optional(),
      status: field.optional(),
      title: field.optional(),
      owners: field.optional(),
      tags: field.optional(),
    })
    .optional(),
  /** The user's own status words, each with the status it means. */
  statuses: z.record(z.string(), z.enum(artifactStatuses)).optional(),
  references: z
    .array(
      z.strictObject({
        /** JSON pointer; the segment `*` means every item of a list. */
        field: pointer,
        by: z.enum(["id", "path"]),
        kinds: z.array(z.string().min(1)).optional(),
        /** Exact values that are no reference, or prefixes that end in `*`. */
        ignore: z.array(z.string().min(1)).optional(),
        severity: z.enum(["error", "warning", "note"]).optional(),
      }),
    )
    .optional(),
  require_metadata: z.boolean().optional(),
});

/** `gov.yaml`: which documents are governed, by which preset, and what a user's own kinds look like. */
export const govConfigV1 = z.strictObject({
  $schema: schemaNameV1.optional(),
  version: z.literal(1),
  preset: z.string().min(1).optional(),
  /** Rulebooks that hold below the root's own: each the path of a file from the folder of `gov.yaml`, or an installed npm package. */
  extends: z.union([z.string().min(1).max(512), z.array(z.string().min(1).max(512)).max(16)]).optional(),
  documents: z.strictObject({ include: z.array(glob).min(1).optional(), exclude: z.array(glob).optional() }).optional(),
  kinds: z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/), kindConfigV1).optional(),
  /** Globs of the rule documents. */
  rules: z.array(glob).optional(),
  /** Where the reports stand that gates judge besides the documents, relative to the governed root. */
  evidence: z
    .strictObject({
      /** An Istanbul `coverage-summary.json`. */
      coverage: z.string().min(1).optional(),
      /** An `issue_list.yaml`. */
      issues: z.string().min(1).optional(),
      /** Addresses of services whose `/health` gates ask. */
      health: z
        .array(
          z
            .string()
            .regex(/^https?:\/\/\S+$/u)
            .max(2048),
        )
        .optional(),
    })
    .optional(),
  /** Where the chained log of decisions is kept. A log of many writers on many machines has a name, which tells the logs of one database apart. */
  log: z.strictObject({ store: z.enum(["file", "postgres"]), name: z.string().min(1).max(200).optional() }).optional(),
  /** Where the record of the bridge is kept, and how its entries travel there: straight, or over NATS JetStream to whoever serves it. */
  record: z
    .strictObject({
      store: z.enum(["file", "postgres"]),
      name: z.string().min(1).max(200).optional(),
      transport: z.enum(["direct", "nats"]).optional(),
    })
    .optional(),
  /** What a verification looks at: each vertical by its name, which is that of its folder below `VERIFICATION`, with globs of its documents. */
  verification: z.strictObject({ verticals: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/), z.array(glob).min(1)) }).optional(),
  limits: z
    .strictObject({
      max_bytes: z.int().min(1).optional(),
      max_depth: z.int().min(1).max(256).optional(),
      max_aliases: z.int().min(0).optional(),
      max_nodes: z.int().min(1).optional(),
    })
    .optional(),
});
