import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { type IndexStore, openFileStore, scanContents, type ScanFileSystem, type StatCache } from "@gov/index-writer";
import { type BridgeEntry, openBridge } from "@gov/index-writer/bridge";
import { openVerification } from "@gov/index-writer/verification";
import { countingRandom } from "./records.ts";

const lockHost = createMemoryLockHost({ pid: 7 });
const timers = { monotonicMs: () => 0, sleep: async () => undefined };
/** Nobody gives a sign of life: nothing takes long enough. */
const renewalTimers = {
  monotonicMs: () => 0,
  sleep: (_ms: number, signal?: AbortSignal) => new Promise<void>((resolve) => void signal?.addEventListener("abort", () => resolve())),
};

/** Writes the golden record into a store, and closes it: two writers, three entries. */
export async function writeEntries(store: IndexStore): Promise<void> {
  const first = await store.acquire();
  await store.commit({ epoch: first.epoch, expectedSeq: 0, entries: [{ id: "report-1", payload: { verdict: "PASS" } }] });
  await first.release();
  const second = await store.acquire();
  const entries = [
    { id: "Größe", payload: [null, 1.5, "\u2028"] },
    { id: "report-2", payload: { op: "index_change", put: [], remove: ["a.md"] } },
  ];
  await store.commit({ epoch: second.epoch, expectedSeq: 1, entries });
  await second.release();
  await store.close();
}

/** Writes the golden record in files. */
async function writeRecord(fs: MemoryFileSystem): Promise<void> {
  await writeEntries(await openFileStore("/record", { fs, host: lockHost, timers, renewalTimers, random: countingRandom }));
}

/** Writes the golden bridge: a snapshot with an entry that waits and a dead letter, and a journal that goes beyond it. */
async function writeBridge(fs: MemoryFileSystem): Promise<void> {
  const deliver = async ({ id }: BridgeEntry): Promise<void> => {
    if (id === "refused") throw new Error("no such record");
  };
  const options = { deliver, fs, lockHost, timers, random: () => 0.5, fileRandom: countingRandom, maxAttempts: 1 };
  const bridge = await openBridge("/bridge", { ...options, snapshotEvery: 4 });
  await bridge.append("report-1", { verdict: "PASS" });
  await bridge.append("refused", "ü");
  await bridge.drain();
  await bridge.append("waits", [1, 2]);
  await bridge.append("waits too", null);
  await bridge.close();
}

/** Writes the golden reports: one vertical that failed, one that passed, one that nobody has reported on. */
async function writeReports(fs: MemoryFileSystem): Promise<void> {
  const verification = await openVerification("/repo", { verticals, fs, lockHost, random: countingRandom });
  const at = "2024-01-15T10:00:00Z";
  const finding = { code: "GATES_X", severity: "error", message: "Größe | fehlt", path: "a.md", line: 3, column: 1, hint: "mend" } as const;
  await verification.report("routing", { status: "FAIL", rationale: "one route leads nowhere", findings: [finding], at });
  await verification.report("docs", { status: "PASS", rationale: "every page is there", findings: [], at: "2024-01-16T10:00:00Z" });
  await verification.close();
}

/** Writes the golden intent: what is left of a change that was cut short before any of its files stood. */
async function writeIntent(fs: MemoryFileSystem): Promise<void> {
  const writer = { write: () => Promise.reject(new Error("cut short")) };
  const verification = await openVerification("/cut", { verticals, fs, lockHost, random: countingRandom, writer });
  const report = { status: "WAIVED", rationale: "agreed until spring", findings: [], at: "2024-01-17T10:00:00Z" } as const;
  await verification.report("qa", report).catch(() => undefined);
  await verification.close();
}

/** The verticals of the golden reports. */
export const verticals: readonly string[] = ["routing", "docs", "qa"];

/** What the golden stat cache remembers. */
export const remembered: readonly {
  readonly path: string;
  readonly text: string;
  readonly inode: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}[] = [
  { path: "a.md", text: "first\n", inode: 2n ** 53n + 1n, modifiedNs: 1_705_312_800_000_000_001n, changedNs: 1_705_312_800_000_000_002n },
  { path: "größe.md", text: "", inode: 4n, modifiedNs: 5n, changedNs: 6n },
];

/** Scans what is remembered, and says which files had to be read. */
export async function scanRemembered(cache: StatCache): Promise<{ readonly read: readonly string[]; readonly digests: readonly string[] }> {
  const read: string[] = [];
  const found = (path: string) => remembered.find((file) => path === `/repo/${file.path}`);
  const stat = (path: string): ReturnType<ScanFileSystem["lstat"]> => {
    const file = found(path);
    if (file === undefined) return { kind: "directory", size: 0, inode: 1n, modifiedNs: 0n, changedNs: 0n };
    return { kind: "file", size: Buffer.byteLength(file.text), ...file };
  };
  const fs: ScanFileSystem = {
    stat,
    lstat: stat,
    realpath: (path) => path,
    readdir: () => remembered.map(({ path }) => path),
    open: (path) => {
      read.push(path.slice("/repo/".length));
      const bytes = Buffer.from(found(path)?.text ?? "");
      return { read: (buffer, position) => bytes.copy(buffer, 0, position), stat: () => stat(path), close: () => undefined };
    },
  };
  const { files } = await scanContents("/repo", { fs, cache });
  return { read, digests: files.map(({ digest }) => digest) };
}

/** The bytes of the golden stat cache. */
async function writeStatCache(): Promise<Uint8Array> {
  let saved = new Uint8Array();
  const stampNs = async (): Promise<bigint> => 2n ** 62n;
  await scanRemembered({ load: async () => null, save: async (bytes) => void (saved = new Uint8Array(bytes)), stampNs });
  return saved;
}

/** Every file of the golden folders, as the present code writes them, by its path below `fixtures/`; space that a journal has taken and not used is left out. */
export async function writeGoldens(): Promise<ReadonlyMap<string, Uint8Array>> {
  const fs = createMemoryFileSystem({ files: { "/repo/keep": "", "/cut/keep": "" } });
  await writeRecord(fs);
  await writeBridge(fs);
  await writeReports(fs);
  await writeIntent(fs);
  const folders = {
    "/record/": "record-v1/",
    "/bridge/": "bridge-v1/",
    "/repo/VERIFICATION/": "verification-v1/VERIFICATION/",
    "/cut/.gov/verification/": "verification-v1/intent/",
  };
  const goldens = new Map<string, Uint8Array>([["stat-cache-v2/stat-v2", await writeStatCache()]]);
  for (const [path, bytes] of fs.files())
    for (const [from, to] of Object.entries(folders))
      if (path.startsWith(from) && !path.endsWith(".lock"))
        goldens.set(to + path.slice(from.length), path.endsWith(".log") ? used(bytes) : bytes);
  return goldens;
}

/** A segment without the zeros behind its last frame; frames end at multiples of 8. */
function used(bytes: Uint8Array): Uint8Array {
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return bytes.slice(0, Math.ceil((last + 1) / 8) * 8);
}
