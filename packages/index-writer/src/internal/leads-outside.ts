import { isAbsolute, join, relative, sep } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { onDisk } from "./disk-failure.ts";

/**
 * The symbolic link on the way to a path below a root that leads out of the root, or nowhere, where a write would put a file; null where there is none. A link that
 * stays inside is followed, as a scan does.
 */
export async function leadsOutside(fs: FileSystem, root: string, path: string): Promise<string | null> {
  const segments = path.split("/");
  for (let depth = 1; depth <= segments.length; depth++) {
    const place = join(root, ...segments.slice(0, depth));
    const leads = await onDisk(place, "following it", async () => {
      const kind = await fs.lstat(place).then((stat) => stat.kind, orNone);
      if (kind !== "symlink") return kind === null ? null : false;
      return !isInside(await fs.realpath(root), await fs.realpath(place).catch(orNone));
    });
    if (leads === null) break;
    if (leads) return place;
  }
  return null;
}

function isInside(root: string, target: string | null): boolean {
  if (target === null) return false;
  const way = relative(root, target);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function orNone(error: unknown): null {
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR") return null;
  throw error;
}
