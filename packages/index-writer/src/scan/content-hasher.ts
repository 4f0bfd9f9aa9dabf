import type { Digest } from "@gov/schema/canonical";
import type { IndexFindingCode } from "./file-finding.ts";
import type { ScanStat } from "./scan-file-system.ts";

/** A file whose content is wanted, with what it looked like when it was found. */
export interface HashInput {
  readonly absolute: string;
  readonly stat: ScanStat;
}

/** Why a file has no digest. */
export type HashFault = Extract<IndexFindingCode, "INDEX_FILE_CHANGED" | "INDEX_FILE_UNREADABLE">;

/**
 * Digests the content of files: the result at a place belongs to the input at that place. A file that no longer is the one that was found, before or after its
 * content has been read, is `INDEX_FILE_CHANGED`.
 */
export type ContentHasher = (
  files: readonly HashInput[],
  options: { readonly signal: AbortSignal | undefined },
) => Promise<readonly (Digest | HashFault)[]>;
