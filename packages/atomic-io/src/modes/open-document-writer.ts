import { AtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { bytesOf } from "../internal/write-fully.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeRandomBytes } from "../node-random.ts";
import { guardedObserver } from "../guarded-observer.ts";
import type { Observer } from "../observer.ts";
import { replaceFile } from "../replace-file.ts";
import type { RandomBytes } from "../temp-name.ts";
import type { BridgeWriter, Divergence, DocumentWriter, DocumentWritten, ModeRecovery } from "./document-writer.ts";
import { digestOf, readWhole, writeInPlace } from "./legs.ts";
import { mustLieInside } from "./inside-root.ts";
import { type Intents, openIntents } from "./intents.ts";
import { type WriteMode, writeModes } from "./mode-rules.ts";

/** Options of {@link openDocumentWriter}. */
export interface OpenDocumentWriterOptions {
  readonly mode: WriteMode;
  /**
   * The directory that documents lie in; required in `dual_write`, whose recovery takes paths from a file. A path that leads out of it, also by a symbolic link,
   * is refused with `ATOMIC_IO_OUTSIDE_ROOT`. @default none: every path may be written
   */
  readonly root?: string | undefined;
  /** The single writer; required in `dual_write` and `bridge`. */
  readonly bridge?: BridgeWriter | undefined;
  /** Directory of the journal of writes under way; required in `dual_write`. One process at a time may hold it. */
  readonly intents?: string | undefined;
  /** Hears `mode.divergence`. */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Opens a writer of documents in one of four modes. `direct` writes in place and is not atomic (IDX-06); `atomic` replaces (IDX-07); `dual_write` journals its
 * intent, replaces the file, hands the same content to the single writer and notes that both have it, so that after a crash the write is finished or the
 * divergence is reported (IDX-08), and nothing is recovered when an intent leads out of the root; `bridge` hands it to the single writer alone (IDX-09).
 *
 * @throws TypeError when the mode lacks what it needs; {@link AtomicIoError} in `dual_write` the codes of `openJournal`, and `ATOMIC_IO_OUTSIDE_ROOT` for an intent that leads
 * out of the root.
 * @example Move behind a single writer without losing sight of either side
 * ```ts
 * import assert from "node:assert/strict";
 * import { openDocumentWriter } from "@gov/atomic-io/modes";
 *
 * const taken = new Map();
 * const bridge = { submit: async ({ path, digest }) => void taken.set(path, digest), accepted: async (path) => taken.get(path) ?? null };
 * const writer = await openDocumentWriter({ mode: "dual_write", root: ".", bridge, intents: "intents" });
 * const { digest } = await writer.write("plan.yaml", "status: approved\n");
 * assert.equal(taken.get("plan.yaml"), digest);
 * assert.deepEqual(await writer.compare(["plan.yaml"]), []);
 * await writer.close();
 * ```
 */
export async function openDocumentWriter(options: OpenDocumentWriterOptions): Promise<DocumentWriter> {
  const { mode, root, bridge, intents, fs = nodeFileSystem, random = nodeRandomBytes } = options;
  if (!writeModes.includes(mode))
    throw new RangeError(`Cannot write in mode "${String(mode)}": it must be one of ${writeModes.join(", ")}`);
  const bridged = mode === "dual_write" || mode === "bridge";
  if (bridged && bridge === undefined) throw new TypeError(`Cannot write in mode ${mode} without a bridge`);
  if (mode === "dual_write" && intents === undefined)
    throw new TypeError("Cannot write in mode dual_write without a directory for its intents");
  if (root === undefined ? mode === "dual_write" : typeof root !== "string" || root === "")
    throw new TypeError(`Cannot write in mode ${mode} without a root: the directory is required that the documents lie in`);
  const legs: Legs = {
    fs,
    mayWrite: checksOf(fs, root),
    random,
    bridge: bridge as BridgeWriter,
    observer: guardedObserver(options.observer),
  };
  const log = mode === "dual_write" ? await openIntents(intents as string, { fs, random }) : null;
  const recovered = log === null ? nothing : await recoverOrClose(legs, log);
  return {
    mode,
    recovered,
    write: async (path, data) => {
      const bytes = Uint8Array.from(bytesOf(data));
      await legs.mayWrite(path);
      const write = { path, bytes, digest: digestOf(bytes) };
      if (mode === "direct") return inPlace(legs, write);
      if (log !== null) return both(legs, log, write);
      if (mode === "bridge") await legs.bridge.submit(write);
      else await replaceFile(path, bytes, { fs, random });
      return { path, digest: write.digest, mode, atomic: true };
    },
    writeDirect: async (path, data) => {
      if (mode === "bridge") throw rejected(path);
      const bytes = Uint8Array.from(bytesOf(data));
      await legs.mayWrite(path);
      return inPlace(legs, { path, bytes, digest: digestOf(bytes) });
    },
    compare: async (paths) => (mode === "dual_write" ? compare(legs, paths) : []),
    close: async () => log?.close(),
  };
}

interface Legs {
  readonly fs: FileSystem;
  readonly mayWrite: (path: string) => Promise<void>;
  readonly random: RandomBytes;
  readonly bridge: BridgeWriter;
  readonly observer: Observer | undefined;
}

interface Write {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

const nothing: ModeRecovery = { finished: [], abandoned: [], diverged: [] };

/** Checks paths one after the other, however long each takes, so that writes of one path stay in the order of their calls. */
function checksOf(fs: FileSystem, root: string | undefined): (path: string) => Promise<void> {
  let before = Promise.resolve();
  return (path) => {
    if (root === undefined) return before;
    const check = before.then(() => mustLieInside(fs, root, path));
    before = check.catch(() => undefined);
    return check;
  };
}

async function inPlace({ fs }: Legs, { path, bytes, digest }: Write): Promise<DocumentWritten> {
  await writeInPlace(fs, path, bytes);
  return { path, digest, mode: "direct", atomic: false };
}

/** The file first: what the single writer has taken over, it may already be applying. */
async function both(legs: Legs, log: Intents, write: Write): Promise<DocumentWritten> {
  const { path, digest } = write;
  return log.run({ path, digest }, async () => {
    await replaceFile(path, write.bytes, { fs: legs.fs, random: legs.random });
    await legs.bridge.submit(write);
    return { path, digest, mode: "dual_write", atomic: true };
  });
}

async function recoverOrClose(legs: Legs, log: Intents): Promise<ModeRecovery> {
  try {
    return await recover(legs, log);
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** Each path once: of several writes that failed half way, the file holds at most one, and that is the one to finish. */
async function recover(legs: Legs, log: Intents): Promise<ModeRecovery> {
  const finished: string[] = [];
  const abandoned: string[] = [];
  const diverged: Divergence[] = [];
  const paths = new Set(log.open.map((intent) => intent.path));
  // All before the first is touched: whoever wrote one that leads elsewhere may have written the others.
  for (const path of paths) await legs.mayWrite(path);
  for (const path of paths) {
    const bytes = await readWhole(legs.fs, path);
    const file = bytes === null ? null : digestOf(bytes);
    const bridge = await legs.bridge.accepted(path);
    if (bytes !== null && file !== null && log.open.some((intent) => intent.path === path && intent.digest === file)) {
      // What was read may so far stand only in memory.
      await replaceFile(path, bytes, { fs: legs.fs, random: legs.random });
      if (bridge !== file) await legs.bridge.submit({ path, bytes, digest: file });
      finished.push(path);
    } else if (bridge === file) {
      abandoned.push(path);
    } else {
      diverged.push({ path, file, bridge });
      legs.observer?.event("mode.divergence", { path, file, bridge });
    }
  }
  await log.settle();
  return { finished, abandoned, diverged };
}

async function compare(legs: Legs, paths: readonly string[]): Promise<readonly Divergence[]> {
  const found: Divergence[] = [];
  for (const path of paths) {
    const bytes = await readWhole(legs.fs, path);
    const file = bytes === null ? null : digestOf(bytes);
    const bridge = await legs.bridge.accepted(path);
    if (file === bridge) continue;
    found.push({ path, file, bridge });
    legs.observer?.event("mode.divergence", { path, file, bridge });
  }
  return found;
}

function rejected(path: string): AtomicIoError {
  return new AtomicIoError("ATOMIC_IO_MODE_REJECTED", `Cannot write "${path}" directly: in mode bridge the single writer alone writes`, {
    details: { path, mode: "bridge" },
    hint: "hand it to the single writer with write",
  });
}
