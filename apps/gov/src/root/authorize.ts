import type { ModeDenied } from "@gov/gates/enforcement";
import { type AccessDenied, accessDenied, accessPolicyOf, type Actor, authorize as decide } from "@gov/gates/rbac";
import { type Call, DeniedError, isDryRun } from "../command.ts";
import type { Context } from "../context.ts";
import { actorOf, recordedActor } from "./actor.ts";
import { readEnvironment, requireSound } from "./environment.ts";
import { requireOwnState } from "./own-state.ts";
import { appendToLog, readLog, readUnsettledLog } from "./root-log.ts";
import type { Governed } from "./load-governed.ts";

/** What somebody is about to do, and to what. */
export interface Deed {
  /** Area and verb, as the command table declares it. */
  readonly action: string;
  readonly subject: { readonly id: string; readonly path?: string | undefined; readonly authors?: readonly string[] | undefined };
}

/** Where something is about to be done; a root without rules is one that is being set up. */
export interface Place {
  readonly root: { readonly directory: string };
  readonly rules: Pick<Governed["rules"], "rulebook"> | null;
}

/**
 * Asks whether the caller may do something, and lets the call write when they may. Every command that changes anything asks, before it
 * does; nothing can be written without. A denial is recorded in the decision log and thrown, which is exit code 6.
 *
 * @param options.isUnsettled - the deed is to settle a log that a merge or a crash has left as nobody else reads it. @default false
 */
export async function authorize(
  context: Context,
  call: Call,
  options: { readonly place: Place; readonly deed: Deed; readonly isUnsettled?: boolean },
): Promise<Actor> {
  const { place, deed, isUnsettled = false } = options;
  const { directory } = place.root;
  await requireOwnState(context, directory);
  const actor = await actorOf(context, call, directory);
  const log = isUnsettled ? await readUnsettledLog(context, directory) : { ...(await readLog(context, directory)), isSettled: true };
  const environment = await readEnvironment(context, { directory, log, rules: place.rules });
  const record = async (entry: AccessDenied | ModeDenied): Promise<void> => {
    // To a log that does not hold, nothing can be appended.
    if (isDryRun(call) || !log.isSettled) return;
    context.permit();
    await appendToLog(context, directory, {
      entries: [entry],
      subject: deed.subject.id,
      expectedSeq: log.seq,
      actor: recordedActor(actor),
    });
  };
  if (environment.denied !== null) await record(environment.denied);
  requireSound(environment);
  const { enforcement } = environment;
  const { id, path = null, authors = [] } = deed.subject;
  const request = { actor, action: deed.action, subject: { id, path, authors } };
  const decision = decide(request, accessPolicyOf(place.rules?.rulebook.rbac ?? null, { mode: enforcement.mode }));
  if (!decision.isAllowed) {
    const denial = accessDenied(request, decision);
    if (denial !== null) await record(denial);
    throw new DeniedError(
      `${actor.name} may not do this (${deed.action}): ${decision.reason}`,
      "rbac_policy.yaml says who may what; GOV_SIGNING_KEY or --actor says who you are",
    );
  }
  if (!isDryRun(call)) context.permit();
  return actor;
}
