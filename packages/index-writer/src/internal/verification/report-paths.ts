import type { FileSystem } from "@gov/atomic-io";
import { IndexError } from "../../errors.ts";
import { leadsOutside } from "../leads-outside.ts";

const reportPath =
  /^(?:README\.md|VERIFICATION\/(?:summary\.json|master_report\.md|[a-z0-9][a-z0-9-]{0,63}\/(?:findings\.json|report\.md)))$/;

/** True for a file that a change of the reports writes: an intent that names another was not written by this package. */
export function isReportPath(path: string): boolean {
  return reportPath.test(path);
}

/** Refuses files that a symbolic link would put outside the root. */
export async function mustStayInside(fs: FileSystem, root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const link = await leadsOutside(fs, root, path);
    if (link !== null)
      throw new IndexError("INDEX_CORRUPT", `Cannot write the verification report "${path}": the link "${link}" leads out of the root`, {
        details: { path: link },
        hint: "put a folder or file of its own there; nothing was written",
      });
  }
}
