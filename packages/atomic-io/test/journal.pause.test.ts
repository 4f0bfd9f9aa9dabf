import { type FileSystem, isAtomicIoError } from "@gov/atomic-io";
import { type Journal, openJournal } from "@gov/atomic-io/journal";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { describe, expect, it } from "vitest";
import { records, textsOf } from "./journal-records.ts";

/** A view of a file system that runs something, once, before its n-th call: what others do while a process is stopped there. */
function pausedBefore(
  fs: FileSystem,
  call: number,
  meanwhile: () => Promise<void>,
): { readonly fs: FileSystem; readonly calls: () => number } {
  let calls = 0;
  let stopped: Promise<void> | undefined;
  const counted = <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      // A process is stopped as a whole: what it does in the background waits as well.
      if (++calls === call) stopped = meanwhile();
      await stopped;
      return work(...args);
    };
  };
  const countAll = <T extends object>(calls: T): T =>
    Object.fromEntries(Object.entries(calls).map(([name, work]) => [name, counted(work as (...args: unknown[]) => Promise<unknown>)])) as T;
  return {
    calls: () => calls,
    fs: { ...countAll(fs), open: counted(async (path, intent, options) => countAll(await fs.open(path, intent, options))) },
  };
}

/** What became of a journal whose holder was stopped before one of its calls, while two others took it over. */
interface Pause {
  readonly acknowledged: readonly string[];
  readonly texts: readonly string[] | string;
  readonly calls: number;
}

const openOn = (fs: FileSystem): Promise<Journal> => openJournal("/journal", { fs, preallocateBytes: 128 });

/** Appends, and notes what was acknowledged; whoever was superseded goes no further. */
async function work(journal: Journal, acknowledged: string[], texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const { firstSeq } = await journal.append(records(text));
    acknowledged.push(`${firstSeq}:${text}`);
  }
}

/** Two holders one after the other, the first of which appends nothing or something, and goes on only as far as it gets. */
async function pauseBefore(
  call: number,
  how: { readonly careless?: boolean; readonly firstAppends: boolean; readonly drop: boolean },
): Promise<Pause> {
  const memory = createMemoryFileSystem();
  const real: FileSystem =
    how.careless === true ? { ...memory, unlink: (path) => (path.includes("/claim-") ? Promise.resolve() : memory.unlink(path)) } : memory;
  const acknowledged: string[] = [];
  const losing = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (!isAtomicIoError(error) || !/SUPERSEDED|POISONED|READ_FAILED|TARGET_EXISTS/.test(error.code)) throw error;
    }
  };
  const before = await openOn(real);
  await work(before, acknowledged, ["a", "b"]);
  await before.close();
  const others: Journal[] = [];
  const paused = pausedBefore(real, call, async () => {
    const first = await openOn(real);
    others.push(first);
    if (how.firstAppends) await work(first, acknowledged, ["first"]);
    const second = await openOn(real);
    others.push(second);
    await work(second, acknowledged, ["second"]);
    if (how.drop) await second.rotate(second.lastSeq + 1);
  });
  await losing(async () => {
    const journal = await openOn(paused.fs);
    await work(journal, acknowledged, ["x", "y"]);
    await journal.rotate(2);
    await journal.rotate(journal.lastSeq + 1);
    await work(journal, acknowledged, ["z"]);
    await journal.close();
  });
  for (const other of others) await losing(() => work(other, acknowledged, ["late"]));
  const texts = await openOn(real).then(
    async (journal) => [`from ${journal.firstSeq}`, ...(await textsOf(journal))],
    (error: unknown) => String(error),
  );
  return { acknowledged, texts, calls: paused.calls() };
}

/** Acknowledged records that are not where they were said to be, or that share their number. */
function faults({ acknowledged, texts }: Pause): string[] {
  if (typeof texts === "string") return [texts];
  const [from = "", ...kept] = texts;
  const first = Number(from.split(" ")[1]);
  const numbers = acknowledged.map((text) => text.split(":")[0]);
  return [
    ...acknowledged.filter((text) => Number(text.split(":")[0]) >= first && !kept.includes(text)),
    ...numbers.filter((number, index) => numbers.indexOf(number) !== index).map((number) => `${String(number)} twice`),
  ];
}

describe("openJournal() paused at every call while others take the journal over", () => {
  for (const [name, how] of [
    ["both append", { firstAppends: true, drop: false }],
    ["one dies at once", { firstAppends: false, drop: false }],
    ["the second drops what it has read", { firstAppends: true, drop: true }],
  ] as const) {
    it(`keeps every acknowledgement where it was given, and none twice: ${name}`, async () => {
      let last = Number.POSITIVE_INFINITY;
      let superseded = 0;
      for (let call = 1; call <= last; call++) {
        const pause = await pauseBefore(call, how);
        expect(faults(pause), `paused before call ${call}`).toEqual([]);
        if (!pause.acknowledged.some((text) => text.endsWith(":z"))) superseded += 1;
        if (pause.calls < call) last = pause.calls;
      }
      expect(superseded).toBeGreaterThan(20);
    });
  }

  it("is convicted when a claim is never taken from its holder", async () => {
    const found = new Set<string>();
    for (let call = 1; call <= 80; call++)
      for (const fault of faults(await pauseBefore(call, { firstAppends: true, drop: false, careless: true }))) found.add(fault);
    expect([...found].some((fault) => fault.endsWith("twice"))).toBe(true);
  });
});
