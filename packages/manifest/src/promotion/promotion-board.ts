import { isJsonObject, type JsonObject } from "@gov/schema";
import { type Digest, isDigest } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import type { EntryLog } from "./entry-log.ts";
import { playbookStepKind, readFreezes } from "./promotion-state.ts";

/** What a manifest can be; promoted is no status, it is a tag an environment carries (see {@link PromotionBoard}). */
export const promotionStatuses = ["draft", "review", "approved"] as const;

/** One of {@link promotionStatuses}. */
export type PromotionStatus = (typeof promotionStatuses)[number];

/** Kind of the log entry of a change of status. */
export const promotionStatusKind = "PROMOTION_STATUS";

/** A manifest, as promotions speak of it. */
export interface PromotedManifest {
  readonly manifestId: string;
  /** Digest of the manifest file's exact bytes. */
  readonly digest: Digest;
  /** Its number in the chain of manifests. */
  readonly sequence: number;
}

/** What stands in an environment. */
export interface EnvironmentState {
  /** Digest of the manifest that stands there; null when a rollback has brought back a state that had none. */
  readonly digest: Digest | null;
  /** RFC 3339 UTC: since when. */
  readonly since: string;
  /** The highest number that was ever promoted there: nothing older comes back by itself. */
  readonly highest: number;
  /** True when a rollback has put there what stands. */
  readonly rolledBack: boolean;
}

/** Where everything stands, as the log of the project tells it. */
export interface PromotionBoard {
  /** Status by digest of the manifest; one that is not named is a draft. */
  readonly statuses: ReadonlyMap<Digest, PromotionStatus>;
  readonly environments: ReadonlyMap<string, EnvironmentState>;
  /** Names of the runs and of the freezes by hand that hold promotions, sorted. */
  readonly frozenBy: readonly string[];
}

/**
 * Reads from the log which manifest has which status, and what stands in each environment.
 *
 * @throws {@link ManifestError} `MANIFEST_PROMOTION_STATE_INVALID` when an entry of these kinds cannot be understood: then nothing may go on.
 */
export async function readPromotionBoard(log: EntryLog): Promise<PromotionBoard> {
  const statuses = new Map<Digest, PromotionStatus>();
  const environments = new Map<string, EnvironmentState>();
  for await (const { seq, kind, payload } of log.read()) {
    if (kind === promotionStatusKind) {
      const { digest, to } = isJsonObject(payload) ? payload : ({} as JsonObject);
      const status = promotionStatuses.find((known) => known === to);
      if (!isDigest(digest) || status === undefined) throw unreadable(seq);
      statuses.set(digest, status);
    } else if (kind === playbookStepKind && isJsonObject(payload)) noteStep(payload, { seq, environments });
  }
  return { statuses, environments, frozenBy: await readFreezes(log) };
}

function noteStep(
  { step, result, about }: JsonObject,
  { seq, environments }: { readonly seq: number; readonly environments: Map<string, EnvironmentState> },
): void {
  const environment = isJsonObject(about ?? null) ? (about as JsonObject)["environment"] : undefined;
  if (typeof environment !== "string" || (step !== "record_promotion" && step !== "restore_artifacts")) return;
  if (!isJsonObject(result ?? null)) throw unreadable(seq);
  const { digest, sequence, manifest, since } = result as JsonObject;
  if (typeof since !== "string") throw unreadable(seq);
  const highest = environments.get(environment)?.highest ?? 0;
  if (step === "restore_artifacts") {
    if (manifest !== null && !isDigest(manifest)) throw unreadable(seq);
    environments.set(environment, { digest: manifest, since, highest, rolledBack: true });
    return;
  }
  if (!isDigest(digest) || !Number.isSafeInteger(sequence)) throw unreadable(seq);
  environments.set(environment, { digest, since, highest: Math.max(highest, sequence as number), rolledBack: false });
}

function unreadable(seq: number): ManifestError {
  return new ManifestError(
    "MANIFEST_PROMOTION_STATE_INVALID",
    `Cannot read the log of promotions: entry ${String(seq)} is not understood`,
    {
      details: { seq },
      hint: "Nothing is promoted until the log is understood",
    },
  );
}
