import { compareFindings } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import { ManifestError } from "../errors.ts";
import { checkArtifacts } from "../internal/check-model.ts";
import type { SealedArtifact } from "../model.ts";
import { signStatement } from "../sign/sign-statement.ts";
import type { Signer } from "../sign/signer.ts";
import { createStatement } from "../sign/statement.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { sideBySide } from "./internal/side-by-side.ts";
import { encodeSnapshot, type Snapshot, snapshotPredicate, type SnapshotTrigger } from "./snapshot.ts";
import { listSnapshots, renderRecord, snapshotName } from "./snapshot-record.ts";

/** What {@link takeSnapshot} takes. */
export interface TakeSnapshotInput {
  readonly trigger: SnapshotTrigger;
  /** Paths of the artifacts, in any order. */
  readonly paths: readonly string[];
  /** Reads an artifact's exact bytes, or returns null when there is none. */
  readonly readArtifact: (path: string) => Promise<Uint8Array | null>;
  /** Digest of the manifest file in force. @default none */
  readonly manifest?: Digest | undefined;
}

/** Options of {@link takeSnapshot}. */
export interface TakeSnapshotOptions {
  readonly store: ObjectStore;
  /** Where the records of snapshots stand, that of the store or another. */
  readonly backend: ObjectBackend;
  readonly clock: Clock;
  /** Who signs; a snapshot for a promotion needs at least one, and none is ever restored without. @default [] */
  readonly signers?: readonly Signer[] | undefined;
  /** How long the objects are retained, RFC 3339 UTC. @default not at all */
  readonly retainUntil?: string | undefined;
}

/** What {@link takeSnapshot} did. */
export interface TakenSnapshot {
  readonly snapshot: Snapshot;
  readonly digest: Digest;
  /** What would have been lost until now: milliseconds since the snapshot before this one; null for the first (PRO-06). */
  readonly recoveryPointMs: number | null;
  readonly durationMs: number;
}

/**
 * Takes a snapshot: every artifact becomes an object, identical content once, then the signed list of them, and last the record that makes it exist. Interrupted
 * before that, there is no snapshot; an artifact that changes meanwhile refuses it, so that a snapshot is always a state that was there (PRO-01, PRO-06).
 *
 * @throws {@link ManifestError} `MANIFEST_SNAPSHOT_TORN` when an artifact is missing or changed meanwhile; `MANIFEST_NOT_SEALABLE` for paths that cannot be restored.
 * @throws RangeError when a snapshot for a promotion has no signer.
 */
export async function takeSnapshot(input: TakeSnapshotInput, options: TakeSnapshotOptions): Promise<TakenSnapshot> {
  const { store, backend, clock, signers = [], retainUntil } = options;
  if (input.trigger === "promotion" && signers.length === 0)
    throw new RangeError("Cannot take a snapshot for a promotion: it must be signed");
  const started = clock.monotonicMs();
  const now = clock.now();
  const artifacts = await keepArtifacts(input, { store, retainUntil });
  for (const { path, digest } of artifacts) {
    const bytes = await input.readArtifact(path);
    if (bytes === null || digestBytes(bytes) !== digest) throw torn(path, "it changed meanwhile");
  }
  const before = await listSnapshots(backend);
  const snapshot: Snapshot = {
    version: 1,
    sequence: (before.at(-1)?.sequence ?? 0) + 1,
    trigger: input.trigger,
    takenAt: new Date(now).toISOString(),
    manifest: input.manifest ?? null,
    artifacts,
  };
  const digest = await store.put(encodeSnapshot(snapshot), { retainUntil });
  const statement = createStatement({
    subjects: [{ name: `snapshot ${String(snapshot.sequence)}`, digest }],
    predicateType: snapshotPredicate,
    predicate: { sequence: snapshot.sequence, trigger: snapshot.trigger, takenAt: snapshot.takenAt },
  });
  const envelope = signers.length === 0 ? null : await signStatement(statement, signers);
  const record = { version: 1, sequence: snapshot.sequence, snapshot: digest, takenAt: snapshot.takenAt, envelope } as const;
  if (!(await backend.create(snapshotName(snapshot.sequence), renderRecord(record))))
    throw torn(snapshotName(snapshot.sequence), "another snapshot was taken meanwhile");
  const last = before.at(-1);
  return {
    snapshot,
    digest,
    recoveryPointMs: last === undefined ? null : now - Date.parse(last.takenAt),
    durationMs: clock.monotonicMs() - started,
  };
}

async function keepArtifacts(
  { paths, readArtifact }: TakeSnapshotInput,
  { store, retainUntil }: { readonly store: ObjectStore; readonly retainUntil: string | undefined },
): Promise<readonly SealedArtifact[]> {
  const sorted = [...paths].sort();
  const artifacts: SealedArtifact[] = [];
  await sideBySide([...sorted.entries()], async ([place, path]) => {
    const bytes = await readArtifact(path);
    if (bytes === null) throw torn(path, "it is missing");
    artifacts[place] = { path, digest: await store.put(bytes, { retainUntil }), size: bytes.byteLength };
  });
  const findings = [...checkArtifacts(artifacts)].sort(compareFindings);
  if (findings.length === 0) return artifacts;
  throw new ManifestError("MANIFEST_NOT_SEALABLE", `Cannot take a snapshot: ${findings[0]?.message ?? ""}`, {
    findings,
    hint: "Rename what could not be restored on every file system",
  });
}

function torn(path: string, reason: string): ManifestError {
  return new ManifestError("MANIFEST_SNAPSHOT_TORN", `Cannot take a snapshot of "${path}": ${reason}`, {
    details: { path },
    hint: "Take it again once nothing writes to the artifacts",
  });
}
