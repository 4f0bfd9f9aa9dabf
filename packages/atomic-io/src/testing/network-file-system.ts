import type { FileHandle, FileSystem } from "../file-system.ts";
import type { SpaceProbe } from "../file-system-space.ts";
import { errnoOf } from "../internal/errno.ts";
import { createMemoryFileSystem } from "./memory-file-system.ts";
import { errnoError } from "./memory-paths.ts";

/** The network file systems that can be imitated. */
export type NetworkKind = "nfs" | "smb";

/** Options of {@link createNetworkFileSystem}. */
export interface NetworkFileSystemOptions {
  readonly kind: NetworkKind;
  /** What keeps the bytes. @default a file system in memory */
  readonly below?: FileSystem | undefined;
  /** With `nfs`: whether the server's answer to the n-th change of names is lost, so that the client asks again. @default every second one */
  readonly answerIsLost?: ((change: number) => boolean) | undefined;
}

/** A file system that behaves as one on another machine does. */
export interface NetworkFileSystem extends FileSystem {
  /** Answers `probeFileSystem` as that kind of file system does. */
  readonly probe: SpaceProbe;
}

// statfs(2).
const types: Readonly<Record<NetworkKind, number>> = { nfs: 0x6969, smb: 0xfe534d42 };

/**
 * Wears the personality of a network file system, to show what becomes of code on one, and that it is refused.
 *
 * `nfs`: a change of names whose answer was lost is asked for again and then reported as an error although it was done (`rename` and `unlink` with `ENOENT`,
 * `link` with `EEXIST`); a file that is removed while open keeps a `.nfs…` name until it is closed. `smb`: no file that is open can be replaced or removed
 * (`EBUSY`), there are no hard links (`ENOTSUP`), a directory cannot be synced (`EINVAL`), and modes do not change.
 *
 * @example Refuse to work there
 * ```ts
 * import assert from "node:assert/strict";
 * import { probeFileSystem } from "@gov/atomic-io";
 * import { createNetworkFileSystem } from "@gov/atomic-io/testing";
 *
 * const { probe } = createNetworkFileSystem({ kind: "nfs" });
 * await assert.rejects(probeFileSystem("/share", { probe, linux: true }), { code: "ATOMIC_IO_NETWORK_FILE_SYSTEM" });
 * ```
 */
export function createNetworkFileSystem(options: NetworkFileSystemOptions): NetworkFileSystem {
  const { kind, below = createMemoryFileSystem(), answerIsLost = (change) => change % 2 === 0 } = options;
  const open = new Map<string, number>();
  const probe: SpaceProbe = async () => ({ type: types[kind], totalBytes: 1e12, freeBytes: 5e11 });
  const opened = opening(below, open);
  return { ...below, open: opened, ...(kind === "nfs" ? nfs(below, { open, opened, answerIsLost }) : smb(below, { open, opened })), probe };
}

type Opened = FileSystem["open"];

interface Wearing {
  /** How many handles each inode has. */
  readonly open: Map<string, number>;
  readonly opened: Opened;
}

function opening(below: FileSystem, open: Map<string, number>): Opened {
  return async (path, intent, options) => {
    const handle = await below.open(path, intent, options);
    const identity = await identityOf(handle);
    open.set(identity, (open.get(identity) ?? 0) + 1);
    let closed = false;
    return {
      ...handle,
      close: async () => {
        if (!closed) open.set(identity, (open.get(identity) ?? 1) - 1);
        closed = true;
        await handle.close();
      },
    };
  };
}

function nfs(below: FileSystem, wearing: Wearing & { readonly answerIsLost: (change: number) => boolean }): Partial<FileSystem> {
  let changes = 0;
  const asked = async (errno: string, path: string, change: () => Promise<void>): Promise<void> => {
    await change();
    if (wearing.answerIsLost(++changes)) throw errnoError(errno, "rename", path);
  };
  return {
    open: async (path, intent, options) => {
      const handle = await wearing.opened(path, intent, options);
      const { renameWithin } = handle;
      if (renameWithin === undefined) return handle;
      return { ...handle, renameWithin: (from, to) => asked("ENOENT", from, () => renameWithin(from, to)) };
    },
    rename: (from, to) => asked("ENOENT", from, () => below.rename(from, to)),
    link: (existing, name) => asked("EEXIST", name, () => below.link(existing, name)),
    unlink: (path) =>
      asked("ENOENT", path, async () => {
        const { device, inode } = await below.lstat(path);
        if ((wearing.open.get(`${device}:${inode}`) ?? 0) === 0) return below.unlink(path);
        return below.rename(path, `${path.slice(0, path.lastIndexOf("/") + 1)}.nfs${inode.toString(16).padStart(16, "0")}`);
      }),
  };
}

function smb(below: FileSystem, { open, opened }: Wearing): Partial<FileSystem> {
  const mustBeClosed = async (path: string): Promise<void> => {
    try {
      const { device, inode } = await below.lstat(path);
      if ((open.get(`${device}:${inode}`) ?? 0) > 0) throw errnoError("EBUSY", "rename", path);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
    }
  };
  return {
    open: async (path, intent, options) => {
      const { renameWithin: _, ...handle } = await opened(path, intent, options);
      if (intent !== "directory") return { ...handle, chmod: async () => undefined };
      return { ...handle, sync: () => Promise.reject(errnoError("EINVAL", "fsync", path)) };
    },
    rename: async (from, to) => {
      await mustBeClosed(from);
      await mustBeClosed(to);
      await below.rename(from, to);
    },
    link: (_existing, name) => Promise.reject(errnoError("ENOTSUP", "link", name)),
    unlink: async (path) => {
      await mustBeClosed(path);
      await below.unlink(path);
    },
  };
}

async function identityOf(handle: FileHandle): Promise<string> {
  const { device, inode } = await handle.stat();
  return `${device}:${inode}`;
}
