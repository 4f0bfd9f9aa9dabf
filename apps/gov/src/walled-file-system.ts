import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { FileSystem, OpenIntent } from "@gov/atomic-io";
import { InputError } from "./command.ts";
import { isInside } from "./root/is-inside.ts";

/** A file system that changes something only below the places that it was told of, wherever a symbolic link leads. */
export interface WalledFileSystem {
  readonly fs: FileSystem;
  /**
   * Lets a folder be written below, and be made with the folders above it. One inside an earlier one changes nothing: what leads out of that one stays refused. Only
   * a folder of git's has to be admitted itself.
   */
  readonly admit: (directory: string) => void;
  /** Refuses what would be written at a path, before anything is. */
  readonly mustStayInside: (path: string) => Promise<void>;
}

// Those of a link in place of the file go where it leads; the others are about the name.
const following: ReadonlySet<OpenIntent> = new Set<OpenIntent>(["append", "read-write"]);

/**
 * Puts a wall around what is written. A repository of somebody else may have links committed, in place of any file or folder that is written or removed: so what counts
 * is where a change really lands. That has to be below the place that its path names, and never in a folder of git's.
 */
export function wallFileSystem(fs: FileSystem): WalledFileSystem {
  const places: string[] = [];
  const really = new Map<string, string>();
  // Where links inside lead out, with the link: libraries follow one themselves, and then write where it leads.
  const led = new Map<string, string>();

  const placeOf = async (place: string): Promise<string> => {
    const known = really.get(place) ?? (await landing(fs, place));
    really.set(place, known);
    return known;
  };
  const assertInside = async (path: string, { follows = false, makes = false } = {}): Promise<void> => {
    const isLink = follows && (await fs.lstat(path).catch(orNone))?.kind === "symlink";
    const target = isLink ? await fs.realpath(path).catch(() => null) : join(await landing(fs, dirname(path)), basename(path));
    const [named] = places.filter((place) => isInside(place, path)).sort((one, other) => other.length - one.length);
    for (const candidate of named === undefined ? places : [named]) {
      const place = await placeOf(candidate);
      if (target !== null && isInside(place, target) && !isGits(place, target)) return;
    }
    // The folders above a place, on the way to making it.
    if (makes && target !== null && named === undefined)
      for (const candidate of places) if (isInside(target, await placeOf(candidate))) return;
    throw refusal(path, named ?? null);
  };
  const refusal = (path: string, named: string | null): InputError => {
    const asked = named === null ? linkTo(path) : path;
    const place = places.find((candidate) => asked !== null && isInside(candidate, asked));
    const shown = asked === null || place === undefined ? path : relative(place, asked).split(sep).join("/");
    const problem =
      asked === null ? "it is outside the governed root" : "a link on its way leads out of the governed root, or into a folder of git's";
    return new InputError("CLI_OUTSIDE_ROOT", `Cannot write "${shown}": ${problem}`, { hint: "put a folder or file of its own there" });
  };
  const linkTo = (path: string): string | null => {
    for (let at = path; ; at = dirname(at)) {
      const link = led.get(at);
      if (link !== undefined || dirname(at) === at) return link ?? null;
    }
  };
  const noted = (path: string, target: string): string => {
    if (places.some((place) => isInside(place, path)) && !places.some((place) => isInside(place, target))) led.set(target, path);
    return target;
  };

  return {
    admit: (directory) => {
      if (!places.some((place) => isInside(place, directory) && !isGits(place, directory))) places.push(directory);
    },
    mustStayInside: (path) => assertInside(path, { follows: true }),
    fs: {
      ...fs,
      realpath: async (path) => noted(path, await fs.realpath(path)),
      readlink: async (path) => {
        const link = await fs.readlink(path);
        // Beside its target stands the temporary of what replaces it.
        noted(path, dirname(resolve(dirname(path), link)));
        return link;
      },
      open: async (path, intent, options) => {
        if (intent !== "read" && intent !== "directory") await assertInside(path, { follows: following.has(intent) });
        return fs.open(path, intent, options);
      },
      mkdir: async (path) => {
        // What stands there need not be made, and is used when it is a folder.
        await assertInside(path, { follows: true, makes: true });
        return fs.mkdir(path);
      },
      rename: async (from, to) => {
        await assertInside(from);
        await assertInside(to);
        return fs.rename(from, to);
      },
      link: async (existing, name) => {
        await assertInside(name);
        return fs.link(existing, name);
      },
      unlink: async (path) => {
        await assertInside(path);
        return fs.unlink(path);
      },
    },
  };
}

/** The real path of what stands there, or would once it is made. Where nothing can be found out, nothing is changed either. */
async function landing(fs: FileSystem, path: string): Promise<string> {
  const real = await fs.realpath(path).catch(orNone);
  return real ?? (dirname(path) === path ? path : join(await landing(fs, dirname(path)), basename(path)));
}

function orNone(error: unknown): null {
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return null;
  throw error;
}

/** Git keeps what it runs and whom it trusts there. */
function isGits(place: string, target: string): boolean {
  return relative(place, target)
    .split(sep)
    .some((segment) => segment.toLowerCase() === ".git");
}
