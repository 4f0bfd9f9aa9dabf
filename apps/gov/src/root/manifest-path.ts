import { routeArtifact } from "@gov/hydration/routing";
import { InputError } from "../command.ts";
import type { Governed } from "./load-governed.ts";

/** Where the handoff manifest of a cycle stands, by the routes in force. */
export function manifestPath({ rules }: Governed, cycle: string): string {
  return placeOf(rules, { kind: "handoff_manifest", cycle });
}

/** Where a cycle's document of a kind stands, by the routes in force. */
export function placeOf({ routes }: Governed["rules"], { kind, cycle }: { readonly kind: string; readonly cycle: string }): string {
  const subject = { id: `${cycle}-${kind}`, kind, status: "approved", tags: [], parameters: { cycle_id: cycle } } as const;
  const path = routes === null ? null : routeArtifact(routes, subject).path;
  if (path === null)
    throw new InputError("CLI_NO_ROUTES", `No route says where the ${kind} of a cycle stands`, { hint: "add one to artifact_routing.mdc" });
  return path;
}
