import type { Finding } from "@gov/schema";
import type { Digest } from "@gov/schema/canonical";

/** A place in the chain by number and hash; the newest one a verifier holds outside the log shows truncation and rewriting. */
export interface AuditCheckpoint {
  readonly seq: number;
  readonly hash: Digest;
}

/** Entries that were moved out of a log, as they stand in one of its archives. */
export interface AuditArchive {
  /** Path of the archive, named in findings. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Options of `verifyAuditLog`. */
export interface VerifyAuditLogOptions {
  /** What the log must at least hold, from a sealed manifest, a commit or a flag. @default nothing: a cut tail cannot be seen */
  readonly checkpoint?: AuditCheckpoint | undefined;
  /** The entry before the first one here, where earlier ones were archived. @default the log begins with its first entry */
  readonly base?: AuditCheckpoint | undefined;
  /** The log's archives in the order of their names, which are verified with it as one log. @default nothing was archived */
  readonly archives?: readonly AuditArchive[] | undefined;
  /** Path of the log, named in findings. @default null */
  readonly path?: string | null | undefined;
}

/** What `verifyAuditLog` found. */
export interface AuditReport {
  /** True when every line holds and the checkpoint, if given, is met. */
  readonly ok: boolean;
  /** Number of entries from the start up to the first that does not hold. */
  readonly entries: number;
  /** Last of those entries; null when there is none, and when branches have several. */
  readonly head: AuditCheckpoint | null;
  /** Those of them that no other follows or joins: one, or several where merged branches have not been joined. */
  readonly heads: readonly AuditCheckpoint[];
  /** First line that does not hold, in its file, and the sequence number expected there. */
  readonly firstAltered: { readonly line: number; readonly seq: number } | null;
  /** Up to 100, in the order of the lines. */
  readonly findings: readonly Finding[];
}
