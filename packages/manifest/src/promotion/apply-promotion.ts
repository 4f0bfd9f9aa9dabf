import { join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import type { JsonObject, JsonValue } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import type { ManifestError } from "../errors.ts";
import { readWhole } from "../internal/read-whole.ts";
import type { ManifestModel } from "../model.ts";
import { parseManifest } from "../parse-manifest.ts";
import type { Signer } from "../sign/signer.ts";
import type { TrustPolicy } from "../sign/trust-policy.ts";
import { sideBySide } from "../snapshot/internal/side-by-side.ts";
import { readRestoreMarker, restoreSnapshot } from "../snapshot/restore-snapshot.ts";
import { takeSnapshot } from "../snapshot/take-snapshot.ts";
import { selectSnapshot } from "../snapshot/verify-snapshot.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { verifyManifest } from "../verify-manifest.ts";
import type { EntryLog } from "./entry-log.ts";
import { promotionRefused } from "./internal/promotion-refused.ts";
import { mustPass, promotingPlaybook, runSteps, stepFailed } from "./internal/run-steps.ts";
import { planPromotion, type PromotionPlan } from "./plan-promotion.ts";
import { readPromotionBoard } from "./promotion-board.ts";
import { readHandFreezes, readPromotionState, type StepName, type StepRecord } from "./promotion-state.ts";
import type { PlaybookPorts } from "./run-playbook.ts";

/** The sealed manifest that is promoted, and where its artifacts are read. */
export interface PromotionSource {
  readonly manifestBytes: Uint8Array;
  readonly envelopeBytes: Uint8Array | null;
  /** Reads an artifact's exact bytes by its sealed path, or returns null when there is none. */
  readonly readArtifact: (path: string) => Promise<Uint8Array | null>;
}

/** Options of {@link applyPromotion}. */
export interface ApplyPromotionOptions {
  /** Name of the run; the same name resumes it. */
  readonly run: string;
  readonly actor: string;
  /** Folder of this clone's own journal, that of the rollbacks too. */
  readonly journal: string;
  readonly log: EntryLog;
  readonly clock: Clock;
  /** Root of the environment. */
  readonly root: string;
  /** Where the environment's snapshots are recorded, its own. */
  readonly backend: ObjectBackend;
  readonly store: ObjectStore;
  readonly source: PromotionSource;
  /** Whose signatures on the manifest are enough. */
  readonly policy: TrustPolicy;
  /** Who signs the snapshot of what the environment held before; at least one. */
  readonly signers: readonly Signer[];
  /** Paths that are governed in the environment now; those the manifest has not are removed. Empty the first time. */
  readonly governed: readonly string[];
  /** Health and gate are asked before promotions go on; a missing one fails closed. */
  readonly ports: Pick<PlaybookPorts, "gate" | "health">;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** What {@link applyPromotion} brought to its end. */
export interface PromotionReport {
  readonly run: string;
  readonly environment: string;
  readonly manifestId: string;
  readonly steps: readonly StepRecord[];
}

const promotionSteps: readonly StepName[] = [
  "freeze",
  "take_checkpoint",
  "verify_manifest",
  "place_artifacts",
  "verify_health",
  "rerun_gate",
  "record_promotion",
  "unfreeze",
];

/**
 * Carries a promotion out, or goes on where an earlier attempt of the same name stopped: freezes, takes a signed snapshot of what the environment holds, verifies the
 * manifest and keeps its artifacts, places them so that the old state stands, or the new one, or a marker, asks health and gate, and only then records and unfreezes.
 * When health or gate say no, promotions stay frozen: mend it and resume, or run a rollback that supersedes the run, back to the snapshot it took.
 *
 * @throws {@link ManifestError} `MANIFEST_PROMOTION_REFUSED` when the log no longer allows the plan, `MANIFEST_VERIFICATION_FAILED` when the manifest does not verify, both
 * with nothing touched; `MANIFEST_PLAYBOOK_STEP_FAILED` with promotions frozen; `MANIFEST_PROMOTION_FROZEN` and `MANIFEST_PLAYBOOK_FINISHED` as `runPlaybook`.
 */
export async function applyPromotion({ request, rules }: PromotionPlan, options: ApplyPromotionOptions): Promise<PromotionReport> {
  const { run, log, clock, journal, fs } = options;
  const { manifest, environment, cause } = request;
  if (options.signers.length === 0) throw new RangeError("Cannot promote: the snapshot of what stands there must be signed");
  const { run: open, finished } = await readPromotionState(journal, { fs });
  const refusal = async (): Promise<ManifestError | null> => {
    const board = await readPromotionBoard(log);
    // A run is not kept from going on by its own freeze, and no name lifts a freeze by hand.
    const byHand = await readHandFreezes(log);
    const told = { ...board, frozenBy: board.frozenBy.filter((by) => by !== run || byHand.has(by)) };
    const again = planPromotion(request, { board: told, rules, now: clock.now() });
    return again.ok ? null : promotionRefused(manifest.manifestId, again.findings);
  };
  if (open?.name !== run && !finished.includes(run)) {
    const refused = await refusal();
    if (refused !== null) throw refused;
    await verifySource(options, manifest.digest);
  }
  const about = { environment, cause, manifestId: manifest.manifestId, digest: manifest.digest, sequence: manifest.sequence };
  const perform = (step: StepName): Promise<JsonValue> => performStep(step, { about, options });
  const steps = await runSteps({ playbook: promotingPlaybook, steps: promotionSteps, about, refusal, perform }, options);
  return { run, environment, manifestId: manifest.manifestId, steps };
}

async function performStep(
  step: StepName,
  {
    about,
    options,
  }: { readonly about: { readonly environment: string; readonly digest: Digest } & JsonObject; readonly options: ApplyPromotionOptions },
): Promise<JsonValue> {
  const { ports, root, clock, fs } = options;
  switch (step) {
    case "take_checkpoint":
      return takeCheckpoint(options, about.environment);
    case "verify_manifest":
      return keepSource(options, about.digest);
    case "place_artifacts":
      return placeArtifacts(options, about.digest);
    case "verify_health":
      return mustPass(ports.health, step);
    case "rerun_gate": {
      if ((await readRestoreMarker(root, { fs })) !== null) throw stepFailed(step, "artifacts are still being placed");
      const { gate } = ports;
      return mustPass(gate === undefined ? undefined : () => gate({ verbose: false }), step);
    }
    case "record_promotion":
      return { ...about, since: new Date(clock.now()).toISOString() };
    default:
      return null;
  }
}

async function verifySource({ source, policy, clock }: ApplyPromotionOptions, digest: string): Promise<ManifestModel> {
  const verified = await verifyManifest({ ...source, policy, at: new Date(clock.now()).toISOString() });
  if (verified.digest !== digest) throw stepFailed("verify_manifest", "it is another manifest than the one that was planned");
  return verified.model;
}

/** A signed snapshot of what the environment holds, which a rollback would bring back; null where nothing is held yet. */
async function takeCheckpoint(options: ApplyPromotionOptions, environment: string): Promise<JsonValue> {
  const { governed, root, store, backend, clock, signers, policy, log, fs = nodeFileSystem } = options;
  if (governed.length === 0) return null;
  const manifest = (await readPromotionBoard(log)).environments.get(environment)?.digest ?? undefined;
  const readArtifact = (path: string): Promise<Uint8Array | null> => readWhole(join(root, path), fs);
  const { digest } = await takeSnapshot(
    { trigger: "promotion", paths: governed, readArtifact, manifest },
    { store, backend, clock, signers },
  );
  // What could not be restored is no way back.
  await selectSnapshot(backend, { store, policy, at: new Date(clock.now()).toISOString() });
  return digest;
}

/** Verifies the manifest and keeps it with every artifact, so that placing them asks the source no more. */
async function keepSource(options: ApplyPromotionOptions, digest: Digest): Promise<JsonValue> {
  const { store, source } = options;
  const { artifacts } = await verifySource(options, digest);
  await store.put(source.manifestBytes);
  await sideBySide(artifacts, async ({ path, digest: sealed }) => {
    const bytes = await source.readArtifact(path);
    if (bytes === null || (await store.put(bytes)) !== sealed) throw stepFailed("verify_manifest", `"${path}" changed while it was read`);
  });
  return { artifacts: artifacts.length };
}

/** Places what is kept, the old state or the new one or a marker. */
async function placeArtifacts(options: ApplyPromotionOptions, digest: Digest): Promise<JsonValue> {
  const { root, store, clock, governed, fs } = options;
  const bytes = await store.get(digest);
  const parsed = bytes === null ? null : parseManifest(bytes);
  if (parsed?.ok !== true) throw stepFailed("place_artifacts", "the kept manifest is gone or cannot be read");
  const { artifacts } = parsed.value;
  const { written, removed } = await restoreSnapshot(root, { snapshot: { artifacts }, digest }, { store, clock, remove: governed, fs });
  return { written: [...written], removed: [...removed] };
}
