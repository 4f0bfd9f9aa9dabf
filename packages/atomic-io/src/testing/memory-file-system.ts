import type { FileStat, FileSystem, OpenIntent, SyncFileSystem } from "../file-system.ts";
import type { EitherFileSystem, EitherHandle } from "../internal/either-file-system.ts";
import { crashedDisks, type CrashOptions } from "./crash-images.ts";
import { addNode, changeFile, createDisk, type Disk, type Node, syncNode } from "./memory-disk.ts";
import { allFiles, durably, name, rename, renameIn, seedFile, unlink } from "./memory-names.ts";
import { errnoError, linkTarget, lookUp, nameIn } from "./memory-paths.ts";

/** One call on a {@link MemoryFileSystem}. */
export interface FileSystemCall {
  /** 1-based position among all calls so far. */
  readonly index: number;
  readonly name: string;
  readonly path: string;
}

/** What happens to a call instead of its work: an errno, or a write that takes only so many bytes. */
export type Fault = { readonly errno: string } | { readonly shortWrite: number };

/** Options of {@link createMemoryFileSystem}. */
export interface MemoryFileSystemOptions {
  /** Files that stand there from the start, durably; directories are created as needed. */
  readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Decides before each call whether it fails. A failed `sync` marks the file clean all the same, as Linux does: what was pending never gets to the disk. */
  readonly fault?: ((call: FileSystemCall) => Fault | undefined) | undefined;
  /** Runs after each call that succeeded and may change or sync something; crash exploration looks at the crash images here. */
  readonly afterCall?: ((call: FileSystemCall) => void | Promise<void>) | undefined;
}

/** A {@link FileSystem} in memory that knows which of its content a power cut may take. */
export interface MemoryFileSystem extends FileSystem {
  /** The same files by calls that return at once; `afterCall` must then do so, too. */
  readonly sync: SyncFileSystem;
  /** Creates a symbolic link, durably. */
  readonly symlink: (target: string, path: string) => void;
  /** Creates something that is neither a file nor a directory, durably. */
  readonly special: (path: string) => void;
  /** Every file with its content as programs see it now, by path. */
  readonly files: () => ReadonlyMap<string, Uint8Array>;
  /** Text of a file as programs see it now, or null. */
  readonly text: (path: string) => string | null;
  /** Every file system that a power cut at this moment can leave, each durable and without faults. */
  readonly crashImages: (options?: CrashOptions) => IterableIterator<MemoryFileSystem>;
  /** The same content, durable, without faults: what the next process sees after the death of this one. */
  readonly afterKill: () => MemoryFileSystem;
  /** Number of calls so far. */
  readonly calls: () => number;
}

/**
 * Creates a file system in memory for tests: it fails calls on demand and yields every state that a power cut can leave, with what was not synced lost,
 * zeroed, torn or reordered. Paths are POSIX and absolute; `/` exists.
 *
 * @example See what a missing fsync costs
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryFileSystem } from "@gov/atomic-io/testing";
 *
 * const fs = createMemoryFileSystem({ files: { "/plan": "old" } });
 * const handle = await fs.open("/plan", "read-write");
 * await handle.write(Buffer.from("new"), 0);
 * const texts = [...fs.crashImages()].map((image) => image.text("/plan"));
 * assert.deepEqual(texts.sort(), ["\0\0\0", "new", "nld", "old"]);
 * ```
 */
export function createMemoryFileSystem(options: MemoryFileSystemOptions = {}): MemoryFileSystem {
  const disk = createDisk();
  for (const [path, content] of Object.entries(options.files ?? {})) seedFile(disk, path, content);
  return fileSystemOn(disk, options);
}

function fileSystemOn(disk: Disk, options: MemoryFileSystemOptions): MemoryFileSystem {
  let calls = 0;
  /** Counts the call, lets it fail, does its work, and lets the observer look at what a crash would leave. */
  const perform = <T>(
    name: string,
    path: string,
    work: Work<T>,
    changes = mutating.has(name),
  ): { readonly result: T; readonly after: void | Promise<void> } => {
    const made = { index: ++calls, name, path };
    const fault = options.fault?.(made);
    if (fault !== undefined && "errno" in fault) {
      if (name === "sync" || name === "datasync") work(fault);
      throw errnoError(fault.errno, name, path);
    }
    const result = work(fault);
    return { result, after: changes ? options.afterCall?.(made) : undefined };
  };
  const later: Call = async (name, path, work, changes) => {
    const { result, after } = perform(name, path, work, changes);
    await after;
    return result;
  };
  const atOnce: Call = (name, path, work, changes) => {
    const { result, after } = perform(name, path, work, changes);
    if (after instanceof Promise) throw new TypeError("Cannot wait in a synchronous call: afterCall returned a promise");
    return result;
  };

  return {
    // Each call of it goes through `later`, which returns a promise.
    ...(callsOn(disk, later) as FileSystem),
    sync: callsOn(disk, atOnce) as SyncFileSystem,
    symlink: (target, path) => durably(disk, path, () => addNode(disk, "symlink", { mode: 0o777, data: Buffer.from(target) })),
    special: (path) => durably(disk, path, () => addNode(disk, "other", { mode: 0o600 })),
    files: () => allFiles(disk),
    text: (path) => {
      const data = allFiles(disk).get(path);
      return data === undefined ? null : Buffer.from(data).toString("utf8");
    },
    crashImages: function* (crash = {}) {
      for (const image of crashedDisks(disk, crash)) yield fileSystemOn(image, {});
    },
    afterKill: () => {
      const copy = structuredClone(disk);
      for (const node of copy.nodes.values()) syncNode(node);
      return fileSystemOn(copy, {});
    },
    calls: () => calls,
  };
}

function callsOn(disk: Disk, call: Call): EitherFileSystem {
  const open = (path: string, intent: OpenIntent, mode: number): EitherHandle =>
    handleOn(disk, openNode(disk, path, { intent, mode }), { path, intent, call });
  return {
    // An open that creates nothing changes nothing.
    open: (path, intent, given) =>
      call("open", path, () => open(path, intent, given?.mode ?? 0o666), intent === "create" || intent === "append"),
    stat: (path) => call("stat", path, () => statOf(lookUp(disk, path, { follow: true }).node)),
    lstat: (path) => call("lstat", path, () => statOf(lookUp(disk, path, { follow: false }).node)),
    realpath: (path) => call("realpath", path, () => lookUp(disk, path, { follow: true }).path),
    readlink: (path) => call("readlink", path, () => linkTarget(lookUp(disk, path, { follow: false }).node, path)),
    readdir: (path) => call("readdir", path, () => [...directoryAt(disk, path).names.keys()].sort()),
    mkdir: (path) => call("mkdir", path, () => void name(disk, path, () => addNode(disk, "directory", { mode: 0o755 }))),
    rename: (from, to) => call("rename", from, () => rename(disk, from, to)),
    link: (existing, path) => call("link", path, () => void name(disk, path, () => lookUp(disk, existing, { follow: false }).node)),
    unlink: (path) => call("unlink", path, () => unlink(disk, path)),
  };
}

const mutating = new Set(["mkdir", "rename", "link", "unlink", "write", "truncate", "chmod", "chown", "sync", "datasync"]);

type Work<T> = (fault: Fault | undefined) => T;

type Call = <T>(name: string, path: string, work: Work<T>, changes?: boolean) => T | Promise<T>;

function handleOn(
  disk: Disk,
  node: Node,
  context: { readonly path: string; readonly intent: OpenIntent; readonly call: Call },
): EitherHandle {
  const { path, intent, call } = context;
  const sync = (fault: Fault | undefined): void => {
    if (fault === undefined) syncNode(node);
    else node.pending = [];
  };
  return {
    read: (buffer, position) =>
      call("read", path, () => {
        const part = node.data.subarray(position, position + buffer.byteLength);
        buffer.set(part);
        return part.byteLength;
      }),
    write: (bytes, position) =>
      call("write", path, (fault) => {
        if (intent === "read" || intent === "directory") throw errnoError("EBADF", "write", path);
        const taken = fault !== undefined && "shortWrite" in fault ? Math.min(fault.shortWrite, bytes.byteLength) : bytes.byteLength;
        const at = intent === "append" || position === null ? node.data.byteLength : position;
        if (taken > 0) changeFile(disk, node, { kind: "write", position: at, bytes: Uint8Array.from(bytes.subarray(0, taken)) });
        return taken;
      }),
    sync: () => call("sync", path, sync),
    datasync: () => call("datasync", path, sync),
    stat: () => call("fstat", path, () => statOf(node)),
    chmod: (mode) => call("chmod", path, () => changeFile(disk, node, { kind: "attributes", mode, uid: node.uid, gid: node.gid })),
    chown: (uid, gid) => call("chown", path, () => changeFile(disk, node, { kind: "attributes", mode: node.mode & 0o1777, uid, gid })),
    truncate: (size) => call("truncate", path, () => changeFile(disk, node, { kind: "truncate", size })),
    close: () => call("close", path, () => undefined),
    ...(intent === "directory"
      ? { renameWithin: (from, to) => call("rename", `${path}/${from}`, () => renameIn(disk, node, [from, to])) }
      : {}),
  };
}

function openNode(disk: Disk, path: string, how: { readonly intent: OpenIntent; readonly mode: number }): Node {
  const create = (): Node => name(disk, path, () => addNode(disk, "file", { mode: how.mode & ~0o022 }));
  if (how.intent === "create") return create();
  if (how.intent === "append" && nameIn(disk, path) === null) return create();
  const { node } = lookUp(disk, path, { follow: true });
  if (how.intent === "directory" && node.kind !== "directory") throw errnoError("ENOTDIR", "open", path);
  if (how.intent !== "directory" && how.intent !== "read" && node.kind === "directory") throw errnoError("EISDIR", "open", path);
  return node;
}

function directoryAt(disk: Disk, path: string): Node {
  const { node } = lookUp(disk, path, { follow: true });
  if (node.kind !== "directory") throw errnoError("ENOTDIR", "readdir", path);
  return node;
}

function statOf(node: Node): FileStat {
  const { kind, mode, uid, gid, links, modified: modifiedNs, changed: changedNs, born: bornNs } = node;
  return { kind, size: node.data.byteLength, mode, uid, gid, device: 1n, inode: BigInt(node.inode), links, modifiedNs, changedNs, bornNs };
}
