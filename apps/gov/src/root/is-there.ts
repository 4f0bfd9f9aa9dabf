import type { Context } from "../context.ts";

/** True when something has this name: a file, a folder, a link, whatever it is. */
export async function isThere(context: Context, path: string): Promise<boolean> {
  try {
    await context.fs.lstat(path);
    return true;
  } catch {
    return false;
  }
}
