import { deepEqual, equal, notEqual, rejects } from "node:assert/strict";
import type { FileSystem } from "../file-system.ts";

/** What the suite needs of an implementation under test. */
export interface FileSystemAdapter {
  readonly fs: FileSystem;
  /** A directory that exists, is empty, and is this case's own; absolute, without symbolic links. */
  readonly root: string;
  /** Creates a symbolic link, which the port itself never does. */
  readonly symlink: (target: string, path: string) => void | Promise<void>;
}

/** One behaviour every {@link FileSystem} must have; `run` rejects when it has not. */
export interface FileSystemCase {
  readonly name: string;
  readonly run: (adapter: FileSystemAdapter) => Promise<void>;
}

/**
 * The behaviours that durable writing relies on, as data without a test runner, for whoever brings a file system of their own.
 *
 * @example Try an implementation
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryFileSystem, fileSystemConformance } from "@gov/atomic-io/testing";
 *
 * for (const { run } of fileSystemConformance) {
 *   const fs = createMemoryFileSystem({ files: { "/case/keep": "" } });
 *   await fs.unlink("/case/keep");
 *   await run({ fs, root: "/case", symlink: fs.symlink });
 * }
 * assert.ok(fileSystemConformance.length > 10);
 * ```
 */
export const fileSystemConformance: readonly FileSystemCase[] = [
  {
    name: "create refuses an existing name, whatever stands there",
    run: async ({ fs, root, symlink }) => {
      await put(fs, `${root}/a`, "old");
      await rejects(fs.open(`${root}/a`, "create"), { code: "EEXIST" });
      await symlink("missing", `${root}/link`);
      await rejects(fs.open(`${root}/link`, "create"), { code: "EEXIST" });
      equal(await text(fs, `${root}/a`), "old");
    },
  },
  {
    name: "a write says how many bytes it took, at the position asked for",
    run: async ({ fs, root }) => {
      const handle = await fs.open(`${root}/a`, "create");
      equal(await handle.write(Buffer.from("abcdef"), 0), 6);
      equal(await handle.write(Buffer.from("XY"), 2), 2);
      await handle.close();
      equal(await text(fs, `${root}/a`), "abXYef");
    },
  },
  {
    name: "append writes at the end and creates what is missing",
    run: async ({ fs, root }) => {
      for (const part of ["one", "two"]) {
        const handle = await fs.open(`${root}/a`, "append");
        await handle.write(Buffer.from(part), null);
        await handle.close();
      }
      equal(await text(fs, `${root}/a`), "onetwo");
    },
  },
  {
    name: "a read stops at the end and gives nothing behind it",
    run: async ({ fs, root }) => {
      await put(fs, `${root}/a`, "abc");
      const handle = await fs.open(`${root}/a`, "read");
      const buffer = new Uint8Array(8);
      equal(await handle.read(buffer, 1), 2);
      equal(await handle.read(buffer, 3), 0);
      await handle.close();
    },
  },
  {
    name: "truncate cuts, and fills up with zeros",
    run: async ({ fs, root }) => {
      await put(fs, `${root}/a`, "abcdef");
      const handle = await fs.open(`${root}/a`, "read-write");
      await handle.truncate(2);
      await handle.truncate(4);
      equal((await handle.stat()).size, 4);
      await handle.close();
      equal(await text(fs, `${root}/a`), "ab\0\0");
    },
  },
  {
    name: "rename replaces a file in one step and keeps the inode",
    run: async ({ fs, root }) => {
      await put(fs, `${root}/a`, "new");
      await put(fs, `${root}/b`, "old");
      const { inode } = await fs.stat(`${root}/a`);
      await fs.rename(`${root}/a`, `${root}/b`);
      equal((await fs.stat(`${root}/b`)).inode, inode);
      deepEqual(await fs.readdir(root), ["b"]);
      equal(await text(fs, `${root}/b`), "new");
    },
  },
  {
    name: "an open file survives the loss of its name",
    run: async ({ fs, root }) => {
      await put(fs, `${root}/a`, "abc");
      const handle = await fs.open(`${root}/a`, "read");
      const { inode } = await handle.stat();
      await fs.unlink(`${root}/a`);
      await put(fs, `${root}/b`, "new");
      notEqual((await fs.stat(`${root}/b`)).inode, inode);
      const buffer = new Uint8Array(3);
      equal(await handle.read(buffer, 0), 3);
      await handle.close();
    },
  },
  {
    name: "link gives a second name and refuses a taken one",
    run: async ({ fs, root }) => {
      await put(fs, `${root}/a`, "abc");
      await fs.link(`${root}/a`, `${root}/b`);
      equal((await fs.stat(`${root}/a`)).links, 2);
      await rejects(fs.link(`${root}/a`, `${root}/b`), { code: "EEXIST" });
      await fs.unlink(`${root}/a`);
      equal(await text(fs, `${root}/b`), "abc");
    },
  },
  {
    name: "stat follows a link, lstat does not, realpath resolves it",
    run: async ({ fs, root, symlink }) => {
      await fs.mkdir(`${root}/directory`);
      await put(fs, `${root}/directory/a`, "abc");
      await symlink("directory/a", `${root}/link`);
      equal((await fs.stat(`${root}/link`)).kind, "file");
      equal((await fs.lstat(`${root}/link`)).kind, "symlink");
      equal(await fs.readlink(`${root}/link`), "directory/a");
      equal(await fs.realpath(`${root}/link`), `${root}/directory/a`);
      await symlink("nowhere", `${root}/dangling`);
      await rejects(fs.stat(`${root}/dangling`), { code: "ENOENT" });
    },
  },
  {
    name: "links that lead in a circle are an error",
    run: async ({ fs, root, symlink }) => {
      await symlink("b", `${root}/a`);
      await symlink("a", `${root}/b`);
      await rejects(fs.stat(`${root}/a`), { code: "ELOOP" });
    },
  },
  {
    name: "readdir gives names in the order of their code units",
    run: async ({ fs, root }) => {
      for (const name of ["b", "a", "Z", "\u00e9", "10", "9"]) await put(fs, `${root}/${name}`, "");
      deepEqual(await fs.readdir(root), ["10", "9", "Z", "a", "b", "\u00e9"]);
    },
  },
  {
    name: "mkdir makes one level and refuses a taken name",
    run: async ({ fs, root }) => {
      await rejects(fs.mkdir(`${root}/a/b`), { code: "ENOENT" });
      await fs.mkdir(`${root}/a`);
      await rejects(fs.mkdir(`${root}/a`), { code: "EEXIST" });
      equal((await fs.stat(`${root}/a`)).kind, "directory");
    },
  },
  {
    name: "a directory can be opened to be synced, a file not as a directory",
    run: async ({ fs, root }) => {
      const handle = await fs.open(root, "directory");
      await handle.sync();
      await handle.close();
      await put(fs, `${root}/a`, "");
      await rejects(fs.open(`${root}/a`, "directory"), { code: "ENOTDIR" });
      await rejects(fs.readdir(`${root}/a`), { code: "ENOTDIR" });
    },
  },
  {
    name: "mode is set by chmod and shown without the kind's bits",
    run: async ({ fs, root }) => {
      const handle = await fs.open(`${root}/a`, "create", { mode: 0o600 });
      await handle.chmod(0o640);
      await handle.sync();
      await handle.datasync();
      equal((await handle.stat()).mode, 0o640);
      await handle.close();
    },
  },
  {
    name: "what is missing is ENOENT, for every call",
    run: async ({ fs, root }) => {
      const path = `${root}/missing`;
      const calls: readonly (() => Promise<unknown>)[] = [
        () => fs.open(path, "read"),
        () => fs.open(path, "read-write"),
        () => fs.stat(path),
        () => fs.lstat(path),
        () => fs.realpath(path),
        () => fs.readdir(path),
        () => fs.unlink(path),
        () => fs.rename(path, `${root}/b`),
        () => fs.link(path, `${root}/b`),
      ];
      for (const call of calls) await rejects(call(), { code: "ENOENT" });
    },
  },
  {
    name: "a name of 256 bytes is ENAMETOOLONG",
    run: async ({ fs, root }) => {
      await rejects(fs.lstat(`${root}/${"n".repeat(256)}`), { code: "ENAMETOOLONG" });
    },
  },
];

async function put(fs: FileSystem, path: string, content: string): Promise<void> {
  const handle = await fs.open(path, "create");
  await handle.write(Buffer.from(content), 0);
  await handle.close();
}

async function text(fs: FileSystem, path: string): Promise<string> {
  const handle = await fs.open(path, "read");
  const buffer = new Uint8Array(64);
  const length = await handle.read(buffer, 0);
  await handle.close();
  return Buffer.from(buffer.subarray(0, length)).toString("utf8");
}
