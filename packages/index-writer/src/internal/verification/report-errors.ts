import { IndexError } from "../../errors.ts";

/** The error for a verification report that is not what was written. */
export function damagedReport(path: string, cause?: unknown): IndexError {
  return new IndexError("INDEX_CORRUPT", `Cannot read the verification report "${path}": it is not what was written`, {
    cause,
    details: { path },
    hint: "take it from the version control, or remove it and verify again",
  });
}

/** The error for one in a format that this package does not know. */
export function newerReport(path: string, version: unknown): IndexError {
  return new IndexError(
    "INDEX_VERSION",
    `Cannot read the verification report "${path}": it has version ${JSON.stringify(version)}, this package reads 1`,
    {
      details: { path },
      hint: "update @gov/index-writer",
    },
  );
}
