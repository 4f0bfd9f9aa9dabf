import { isJsonObject } from "@gov/schema";
import type { EntryLog, LogInput } from "../../verification/entry-log.ts";
import type { VerificationState } from "../../verification/verification.ts";

/** Appends one closing decision a vertical and one for the whole, in one append; those that the log has already are left out. */
export async function appendClosing(
  log: EntryLog,
  closing: { readonly state: VerificationState; readonly actor: string; readonly at: string },
): Promise<void> {
  const { state, actor, at } = closing;
  const known = new Set<unknown>();
  let lastSeq = 0;
  for await (const { seq, payload } of log.read()) {
    lastSeq = seq;
    if (isJsonObject(payload)) known.add(payload["id"]);
  }
  const time = new Date(at).toISOString();
  const decisions = [
    ...state.verticals.map(({ vertical, seq, rationale }) => ({ id: `CLOSE-${vertical}-${seq}`, subject: vertical, seq, rationale })),
    { id: `CLOSE-verification-${state.seq}`, subject: "verification", seq: state.seq, rationale: "every vertical passed" },
  ].filter(({ id }) => !known.has(id));
  const entries = decisions.map(({ id, subject, seq, rationale }): LogInput => ({
    time,
    kind: "DECISION",
    actor,
    subject,
    payload: {
      id,
      type: "closing",
      decided_at: time,
      actor,
      subject,
      decision: "PASS",
      rationale: rationale === "" ? "the verification passed" : rationale,
      evidence: subject === "verification" ? ["VERIFICATION/summary.json"] : [`VERIFICATION/${subject}/findings.json`],
      change: seq,
    },
  }));
  // Behind what was read: were the same decisions appended meanwhile by someone else, this one is refused and not doubled.
  if (entries.length > 0) await log.append(entries, { expectedSeq: lastSeq });
}
