import { dirname, join } from "node:path";
import {
  createFileOnce,
  ensureDirectory,
  type FileSystem,
  isAtomicIoError,
  isTemporaryName,
  nodeFileSystem,
  replaceFile,
  syncDirectory,
} from "@gov/atomic-io";
import { ManifestError } from "../errors.ts";
import { readWhole } from "../internal/read-whole.ts";
import { assertObjectName, type ObjectBackend } from "./object-backend.ts";

/** Options of {@link createFileBackend}. */
export interface FileBackendOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/**
 * Creates a backend of files below a directory, which is created when first written to; names are paths. What was acknowledged survives a power cut.
 *
 * @throws {@link ManifestError} from its calls: `MANIFEST_STORE_UNSAFE` when a symbolic link or anything else but a folder stands where a folder should, since
 * objects would then be written outside; and the codes of `@gov/atomic-io`.
 */
export function createFileBackend(directory: string, options: FileBackendOptions = {}): ObjectBackend {
  const { fs = nodeFileSystem } = options;
  const place = { directory, fs };
  return {
    create: async (name, bytes) => {
      const path = await prepare(name, place);
      try {
        await createFileOnce(path, bytes, { fs });
        return true;
      } catch (error) {
        if (isAtomicIoError(error) && error.code === "ATOMIC_IO_TARGET_EXISTS") return false;
        throw error;
      }
    },
    replace: async (name, bytes) => {
      await replaceFile(await prepare(name, place), bytes, { fs });
    },
    settle: async (name) => {
      // A file is linked to its name only once its bytes are synced, so its name and the folders above it are what may be lost.
      await syncDirectory(dirname(await prepare(name, place)), { fs });
    },
    read: async (name) => {
      assertObjectName(name);
      await assertInside(name, place);
      return readWhole(join(directory, name), fs);
    },
    remove: async (name) => {
      assertObjectName(name);
      await assertInside(name, place);
      const path = join(directory, name);
      try {
        await fs.unlink(path);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return false;
        throw error;
      }
      await syncDirectory(dirname(path), { fs });
      return true;
    },
    list: async (prefix) => (await namesBelow("", place)).filter((name) => name.startsWith(prefix)).sort(),
  };
}

interface Place {
  readonly directory: string;
  readonly fs: FileSystem;
}

async function prepare(name: string, place: Place): Promise<string> {
  assertObjectName(name);
  await assertInside(name, place);
  const path = join(place.directory, name);
  await ensureDirectory(dirname(path), { fs: place.fs });
  return path;
}

/** Every folder between the root and the name is a folder, and the name itself no link. */
async function assertInside(name: string, { directory, fs }: Place): Promise<void> {
  const segments = name.split("/");
  for (let depth = 1; depth <= segments.length; depth++) {
    const path = join(directory, ...segments.slice(0, depth));
    const wanted = depth === segments.length ? "file" : "directory";
    const kind = await fs.lstat(path).then(
      (stat) => stat.kind,
      (error: unknown) => {
        if (codeOf(error) === "ENOENT") return null;
        throw error;
      },
    );
    if (kind === null) return;
    if (kind !== wanted)
      throw new ManifestError("MANIFEST_STORE_UNSAFE", `Cannot use "${path}" of the object store: it is a ${kind}, not a ${wanted}`, {
        details: { path, kind },
        hint: "Move it away; the store creates its own folders",
      });
  }
}

async function namesBelow(folder: string, place: Place): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readFolder(join(place.directory, folder), place.fs)) {
    if (isTemporaryName(entry)) continue;
    const name = folder === "" ? entry : `${folder}/${entry}`;
    const { kind } = await place.fs.lstat(join(place.directory, name));
    if (kind === "directory") for (const below of await namesBelow(name, place)) names.push(below);
    else if (kind === "file") names.push(name);
  }
  return names;
}

async function readFolder(path: string, fs: FileSystem): Promise<readonly string[]> {
  try {
    return await fs.readdir(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
