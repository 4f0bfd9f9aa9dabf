import { z } from "zod";
import { artifactStatuses } from "../artifact.ts";
import { ruleDocument } from "./rule-document.ts";

const oneOrMore = (item: z.ZodType<string>) => z.union([item, z.array(item).min(1)]);

/** Conditions a route puts on an artifact; all that are given must hold, a list means any of. */
export const routeMatchV1 = z.strictObject({
  kind: oneOrMore(z.string().min(1)).optional(),
  status: oneOrMore(z.enum(artifactStatuses)).optional(),
  /** Exact id, or a prefix when it ends in `*`. */
  id: oneOrMore(z.string().min(1)).optional(),
  /** A tag the artifact must carry, `Key` or `Key:Value`. */
  tag: oneOrMore(z.string().min(1)).optional(),
});

/** One route: artifacts that match stand at the path pattern `to`; `{name}` parameters are single path segments or parts of one. */
export const routeV1 = z.strictObject({
  id: z.string().min(1),
  match: routeMatchV1,
  to: z.string().min(1),
  precedence: z.int().min(0).max(1_000_000).default(0),
});

/** `spec` of `artifact_routing.mdc`: from metadata to place; separate from command routing (RTE-01). */
export const artifactRoutingV1 = z.strictObject({
  routes: z.array(routeV1),
  /** Explicit decisions that beat every route. */
  overrides: z.array(z.strictObject({ artifact: z.string().min(1), to: z.string().min(1) })).default([]),
});

/** `artifact_routing.mdc`. */
export const artifactRoutingDocumentV1 = ruleDocument("artifact_routing", artifactRoutingV1);
