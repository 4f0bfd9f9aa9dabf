import { compareFindings, type Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";
import { ManifestError } from "../errors.ts";
import { finding } from "../finding-codes.ts";
import { decodeStatement, statementPayloadType } from "../sign/statement.ts";
import type { TrustPolicy } from "../sign/trust-policy.ts";
import { checkEnvelope, requirePolicy, type VerifiedSigner } from "../sign/verify-envelope.ts";
import type { ObjectBackend } from "../storage/object-backend.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { Observer } from "./observer.ts";
import { decodeSnapshot, type Snapshot, snapshotPredicate } from "./snapshot.ts";
import { listSnapshots, type SnapshotRecord } from "./snapshot-record.ts";

/** Options of {@link verifySnapshot} and {@link selectSnapshot}. */
export interface VerifySnapshotOptions {
  readonly store: ObjectStore;
  /** Whose signatures are enough; there is no default. */
  readonly policy: TrustPolicy;
  /** The instant at which keys must be valid, RFC 3339 UTC. */
  readonly at: string;
  /** Hears `manifest.snapshot.refused` with the reason (PRO-04). @default nobody */
  readonly observer?: Observer | undefined;
}

/** A snapshot that is signed as the policy asks and whose every object is there and whole. */
export interface VerifiedSnapshot {
  readonly snapshot: Snapshot;
  readonly digest: Digest;
  readonly signers: readonly VerifiedSigner[];
}

/**
 * Verifies a snapshot before it is used: signatures, the list, and every object of it. Nothing is restored from what was not returned here.
 *
 * @throws {@link ManifestError} `MANIFEST_SNAPSHOT_REFUSED` with every finding: unsigned, signed by too few, or with objects missing or damaged (PRO-04).
 */
export async function verifySnapshot(record: SnapshotRecord, options: VerifySnapshotOptions): Promise<VerifiedSnapshot> {
  const { store, observer } = options;
  const name = `Snapshot ${String(record.sequence)}`;
  const { signers, findings } = checkSignatures(record, { options, name });
  const bytes = await read(store, record.snapshot);
  const snapshot = bytes === null ? null : decodeSnapshot(bytes);
  if (snapshot === null) findings.push(finding("MANIFEST_SNAPSHOT_UNREADABLE", `${name} has no list of artifacts that can be read`));
  else {
    if (snapshot.sequence !== record.sequence || snapshot.takenAt !== record.takenAt)
      findings.push(finding("MANIFEST_STATEMENT_MISMATCH", `${name} is recorded as something else than it says it is`));
    for (const { path, digest, size } of snapshot.artifacts)
      if ((await read(store, digest))?.byteLength !== size)
        findings.push(finding("MANIFEST_SNAPSHOT_OBJECT_LOST", `${name} lacks "${path}": its object is missing or damaged`, { path }));
  }
  if (snapshot !== null && signers !== null && !findings.some(({ severity }) => severity === "error"))
    return { snapshot, digest: record.snapshot, signers };
  throw refuse(name, findings, observer);
}

/**
 * Chooses the newest snapshot and verifies it. It never falls back to an older one by itself: a newest one that is unsigned or damaged is refused, and whoever wants an
 * older one names it. A missing snapshot is a failure, never nothing to do.
 *
 * @throws {@link ManifestError} `MANIFEST_SNAPSHOT_MISSING` when there is none; `MANIFEST_SNAPSHOT_REFUSED` when it does not verify.
 */
export async function selectSnapshot(backend: ObjectBackend, options: VerifySnapshotOptions): Promise<VerifiedSnapshot> {
  const newest = (await listSnapshots(backend)).at(-1);
  if (newest !== undefined) return verifySnapshot(newest, options);
  options.observer?.event("manifest.snapshot.missing", {});
  throw new ManifestError("MANIFEST_SNAPSHOT_MISSING", "Cannot restore: there is no snapshot", {
    hint: "Restore the object store from its backup, and take snapshots after each gate",
  });
}

function checkSignatures(
  record: SnapshotRecord,
  { options, name }: { readonly options: VerifySnapshotOptions; readonly name: string },
): { readonly signers: readonly VerifiedSigner[] | null; readonly findings: Finding[] } {
  const policy = requirePolicy(options.policy);
  if (record.envelope === null) return { signers: null, findings: [finding("MANIFEST_UNSIGNED", `${name} is signed by nobody`)] };
  const { verified, payload, findings } = checkEnvelope(record.envelope, policy, { payloadType: statementPayloadType, at: options.at });
  const statement = payload === null ? null : decodeStatement(payload);
  const all = [...findings];
  if (statement?.predicateType !== snapshotPredicate)
    all.push(finding("MANIFEST_STATEMENT_INVALID", `The envelope of ${name.toLowerCase()} does not speak of a snapshot`));
  else if (statement.subject.length !== 1 || `sha256:${statement.subject[0]?.digest.sha256 ?? ""}` !== record.snapshot)
    all.push(finding("MANIFEST_SIGNED_DIGEST_MISMATCH", `${name} does not match the signed digest`));
  return { signers: verified?.signers ?? null, findings: all };
}

async function read(store: ObjectStore, digest: Digest): Promise<Uint8Array | null> {
  return store.get(digest).catch((error: unknown) => {
    if (error instanceof ManifestError && error.code === "MANIFEST_OBJECT_CORRUPT") return null;
    throw error;
  });
}

function refuse(name: string, findings: readonly Finding[], observer: Observer | undefined): ManifestError {
  const first = findings.find(({ severity }) => severity === "error");
  observer?.event("manifest.snapshot.refused", { snapshot: name, code: first?.code ?? "", message: first?.message ?? "" });
  return new ManifestError("MANIFEST_SNAPSHOT_REFUSED", `Cannot use the snapshot: ${first?.message ?? "Nothing could be verified"}`, {
    findings: [...findings].sort(compareFindings),
    hint: "Repair the store from its backup, or name an older snapshot that is whole and signed",
  });
}
