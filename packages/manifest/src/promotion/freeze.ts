import { isJsonObject } from "@gov/schema";
import type { Clock } from "../clock.ts";
import { ManifestError } from "../errors.ts";
import { parseInstant } from "../internal/instant.ts";
import type { EntryLog } from "./entry-log.ts";
import { freezeKind, unfreezeKind } from "./freeze-entries.ts";
import { tellOnce, type TellOnceOptions } from "./internal/tell-once.ts";

/** A freeze by hand: what it is called, why, whose it is, and when it should be looked at again. */
export interface Freeze {
  /** Its name; the same name lifts it, and is not used twice. */
  readonly name: string;
  readonly reason: string;
  readonly owner: string;
  /** When its owner means to lift it, RFC 3339 UTC. A freeze that is overdue still holds. */
  readonly until: string;
}

/** Options of {@link freezePromotions}. */
export interface FreezeOptions {
  readonly actor: string;
  readonly log: EntryLog;
  readonly clock: Clock;
}

/**
 * Freezes promotions for everybody who reads the log, until {@link unfreezePromotions}. Told once; the same freeze again changes nothing. A rollback still runs.
 *
 * @throws RangeError when the freeze lacks a name, reason, owner or time, or has the name of one that was lifted: then nothing is frozen by it.
 */
export async function freezePromotions(freeze: Freeze, { actor, log, clock }: FreezeOptions): Promise<void> {
  const { name, reason, owner, until } = freeze;
  if ([name, reason, owner].some((text) => text.trim() === "") || parseInstant(until) === null)
    throw new RangeError(`Cannot freeze promotions: name, reason and owner must be given, and "until" as RFC 3339 in UTC`);
  const payload = { freeze: name, reason, owner, until };
  const entry = { time: new Date(clock.now()).toISOString(), kind: freezeKind, actor, subject: name, payload };
  await tellOnce(log, entry, { isKnown: tellsOf(freezeKind, name) });
  // The log knew the name already, and that freeze is over: nobody must believe that this one holds.
  if ((await isHeld(name, log)) === false)
    throw new RangeError(`Cannot freeze promotions: a freeze named "${name}" was lifted already, so this one needs a name of its own`);
}

/** Options of {@link unfreezePromotions}. */
export interface UnfreezeOptions extends FreezeOptions {
  /** Runs the verification gate on what stands; there is no way around it. */
  readonly gate: () => Promise<boolean>;
}

/**
 * Lifts a freeze by hand once the gate passes on what stands. A freeze that was lifted stays so: the same call again changes nothing. One that a merge of branches
 * brought behind the end of another of its name holds, and is lifted as any other.
 *
 * @throws {@link ManifestError} `MANIFEST_FREEZE_UNKNOWN` when there never was such a freeze; `MANIFEST_FREEZE_HELD` when the gate does not pass.
 */
export async function unfreezePromotions(name: string, { actor, log, clock, gate }: UnfreezeOptions): Promise<void> {
  const held = await isHeld(name, log);
  if (held === false) return;
  if (held === null)
    throw new ManifestError("MANIFEST_FREEZE_UNKNOWN", `Cannot lift the freeze "${name}": nothing is frozen by that name`, {
      details: { freeze: name },
      hint: "The state of promotions names what holds them; a rollback is resumed, not lifted",
    });
  if ((await gate()) !== true)
    throw new ManifestError("MANIFEST_FREEZE_HELD", `Cannot lift the freeze "${name}": the gate does not pass on what stands`, {
      details: { freeze: name },
      hint: "Mend what the gate found, and lift it then",
    });
  const entry = { time: new Date(clock.now()).toISOString(), kind: unfreezeKind, actor, subject: name, payload: { freeze: name } };
  // Two branches may have frozen by one name; where their logs are merged, the freeze of one can stand behind the end of the other, and holds until it is lifted too.
  await tellOnce(log, entry, { isKnown: tellsOf(unfreezeKind, name), isUndone: tellsOf(freezeKind, name) });
}

function tellsOf(kind: string, name: string): TellOnceOptions["isKnown"] {
  return (one) => one.kind === kind && isJsonObject(one.payload) && one.payload["freeze"] === name;
}

/** Whether a freeze holds; null when nobody ever froze by that name. */
async function isHeld(name: string, log: EntryLog): Promise<boolean | null> {
  let held: boolean | null = null;
  for await (const { kind, payload } of log.read()) {
    if (!isJsonObject(payload) || payload["freeze"] !== name) continue;
    if (kind === freezeKind) held = true;
    else if (kind === unfreezeKind && held === true) held = false;
  }
  return held;
}
