import type { Finding } from "@gov/schema";

/** Every code a finding of this package can carry, sorted. */
export const indexFindingCodes = [
  "INDEX_BACKFILL_COLLISION",
  "INDEX_BACKFILL_FAILED",
  "INDEX_BACKFILL_UNSTABLE",
  "INDEX_DEPTH_EXCEEDED",
  "INDEX_DIRECTORY_UNREADABLE",
  "INDEX_FILE_CHANGED",
  "INDEX_FILE_SPECIAL",
  "INDEX_FILE_TOO_LARGE",
  "INDEX_FILE_UNREADABLE",
  "INDEX_LINK_OUTSIDE",
  "INDEX_LINK_REFUSED",
  "INDEX_PATH_AMBIGUOUS",
  "INDEX_RECORD_REFUSED",
  "INDEX_VERIFICATION_FAILED",
] as const;

/** A code of a finding of this package. */
export type IndexFindingCode = (typeof indexFindingCodes)[number];

const hints: Readonly<Record<IndexFindingCode, string>> = {
  INDEX_BACKFILL_COLLISION: "rename one of the documents, then plan again",
  INDEX_BACKFILL_FAILED: "mend what the file system refuses, then plan again",
  INDEX_BACKFILL_UNSTABLE: "mend the migration: given its own result it must change nothing",
  INDEX_DEPTH_EXCEEDED: "flatten the directories, or raise maxDepth",
  INDEX_DIRECTORY_UNREADABLE: "allow this user to read the directory, or leave it out",
  INDEX_FILE_CHANGED: "run again when nobody writes to the file",
  INDEX_FILE_SPECIAL: "leave it out: only regular files can be governed",
  INDEX_FILE_TOO_LARGE: "split the file, raise the limit, or leave it out",
  INDEX_FILE_UNREADABLE: "allow this user to read the file, or leave it out",
  INDEX_LINK_OUTSIDE: "copy the file into the root, or leave the link out",
  INDEX_LINK_REFUSED: "put the file itself there, or leave the link out",
  INDEX_PATH_AMBIGUOUS: "rename one of the files",
  INDEX_RECORD_REFUSED: "rename the file, or mend what makes its record",
  INDEX_VERIFICATION_FAILED: "mend what the verification runs on",
};

/** A finding about a whole file, with the advice of its code unless there is better. */
export function fileFinding(code: IndexFindingCode, path: string, what: string, hint: string = hints[code]): Finding {
  return { code, severity: "error", message: `Cannot take "${path}": ${what}`, path, line: null, column: null, hint };
}
