import { type Artifact, type ChangeFreeze, isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import type { Approval } from "../approvals.ts";
import type { GovernedSubject } from "./governed-subject.ts";

/**
 * Reads a governed document as a subject of the rules. What rules ask for beside tags and approvals, a document says under `governance` in
 * its metadata: `emergency_contact`, `rollback_plan`, `audit_trail`, `documentation` (a list), `scheduled_for`, `stream`. What it does not
 * say was not done.
 */
export function governedSubjectOf(
  { id, path, tags, digest, data }: Pick<Artifact, "data" | "digest" | "id" | "path" | "tags">,
  facts: { readonly authors: readonly string[]; readonly approvals: readonly Approval[]; readonly freezes: readonly ChangeFreeze[] },
): GovernedSubject {
  const said = saidOf(data);
  const text = (name: string): string | null => textOf(said[name]);
  const trail = text("audit_trail");
  const documentation = said["documentation"];
  return {
    id,
    path,
    tags,
    digest,
    ...facts,
    emergencyContact: text("emergency_contact"),
    rollbackPlan: text("rollback_plan"),
    auditTrail: trail === "standard" || trail === "enhanced" ? trail : "none",
    documentation: Array.isArray(documentation) ? documentation.flatMap((item: JsonValue) => textOf(item) ?? []) : [],
    scheduledFor: text("scheduled_for"),
    stream: text("stream"),
  };
}

/** Front matter carries it itself, other documents in their metadata. */
function saidOf(data: JsonValue): JsonObject {
  if (!isJsonObject(data)) return {};
  const { metadata } = data;
  const said = (isJsonObject(metadata) ? metadata["governance"] : undefined) ?? data["governance"];
  return isJsonObject(said) ? said : {};
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
