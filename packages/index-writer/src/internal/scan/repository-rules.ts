import type { ScanFileSystem } from "../../scan/scan-file-system.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignore-rules.ts";

/** The rules that hold in the root: those of the repository that it lies in, from its top down. */
export async function rulesAbove(fs: ScanFileSystem, root: string): Promise<IgnoreRules> {
  const names: string[] = [];
  let top = root;
  while (!(await exists(fs, `${slashed(top)}.git`))) {
    const cut = top.lastIndexOf("/");
    // No repository: only what lies under the root decides.
    if (top === "/" || cut < 0) return createIgnoreRules(await ignoreText(fs, root));
    names.unshift(top.slice(cut + 1));
    top = cut === 0 ? "/" : top.slice(0, cut);
  }
  let rules = createIgnoreRules(await ignoreText(fs, top));
  for (const name of names) {
    top = slashed(top) + name;
    rules = rules.enter(name, await ignoreText(fs, top));
  }
  return rules;
}

async function exists(fs: ScanFileSystem, path: string): Promise<boolean> {
  try {
    await fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}

const maxIgnoreBytes = 1 << 20;

/** Text of a directory's `.gitignore`; null when there is none that git would read: it follows no link here. */
export async function ignoreText(fs: ScanFileSystem, directory: string): Promise<string | null> {
  const path = `${slashed(directory)}.gitignore`;
  try {
    const stat = await fs.lstat(path);
    if (stat.kind !== "file" || stat.size > maxIgnoreBytes) return null;
    const handle = await fs.open(path, "read");
    try {
      const bytes = new Uint8Array(stat.size);
      const length = await handle.read(bytes, 0);
      return Buffer.from(bytes.buffer, 0, length).toString("utf8");
    } finally {
      await handle.close();
    }
  } catch {
    // What cannot be read hides nothing: more is looked at, not less.
    return null;
  }
}

/** A directory with a slash at its end. */
export function slashed(directory: string): string {
  return directory.endsWith("/") ? directory : `${directory}/`;
}
