import { join } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { findPathCollisions, normalizePath } from "@gov/schema";
import { ManifestError } from "../../errors.ts";
import { sideBySide } from "./side-by-side.ts";

/** Refuses to restore unless every path is a normal one, no two are one file somewhere, and only folders lead to a file or to nothing. Returns the paths where a file stands. */
export async function assertRestorable(
  paths: readonly string[],
  { root, fs }: { readonly root: string; readonly fs: FileSystem },
): Promise<ReadonlySet<string>> {
  const collision = findPathCollisions(new Set(paths))[0];
  if (collision !== undefined) throw unsafe(collision.path ?? "", collision.message);
  const looked = new Set<string>();
  const standing = new Set<string>();
  await sideBySide(paths, async (path) => {
    const normal = normalizePath(path);
    if (!normal.ok || normal.value !== path || path === ".gov" || path.startsWith(".gov/"))
      throw unsafe(path, "it is no path of an artifact");
    const segments = path.split("/");
    for (let depth = 0; depth <= segments.length; depth++) {
      const place = segments.slice(0, depth).join("/");
      const last = depth === segments.length;
      if (!last && looked.has(place)) continue;
      looked.add(place);
      const kind = await kindOf(join(root, place), fs);
      if (kind === null) break;
      // The root itself may be reached through a link: it is the caller's choice.
      if (depth > 0 && kind !== (last ? "file" : "directory")) throw unsafe(path, `"${place}" is a ${kind}`);
      if (last) standing.add(path);
    }
  });
  return standing;
}

async function kindOf(path: string, fs: FileSystem): Promise<string | null> {
  try {
    return (await fs.lstat(path)).kind;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return null;
    throw error;
  }
}

function unsafe(path: string, reason: string): ManifestError {
  return new ManifestError("MANIFEST_RESTORE_UNSAFE", `Cannot restore "${path}": ${reason}`, {
    details: { path },
    hint: "Move away what stands there; nothing was written",
  });
}
