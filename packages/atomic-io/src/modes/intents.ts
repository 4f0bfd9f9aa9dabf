import { AtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { openJournal } from "../journal/open-journal.ts";
import type { RandomBytes } from "../temp-name.ts";

/** A write that was begun: which content for which path. */
interface Intent {
  readonly path: string;
  readonly digest: string;
}

/** The journal of writes under way. */
export interface Intents {
  /** Those that were begun and not ended when it was opened, in the order of their beginning. */
  readonly open: readonly Intent[];
  /** Journals the intent, does the work, and journals its end; one path at a time. */
  readonly run: <T>(intent: Intent, work: () => Promise<T>) => Promise<T>;
  /** Forgets those that were open. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the journal of writes under way; it is emptied whenever none is. */
export async function openIntents(directory: string, options: { readonly fs: FileSystem; readonly random: RandomBytes }): Promise<Intents> {
  const journal = await openJournal(directory, options);
  const begun = new Map<number, Intent>();
  try {
    for await (const { seq, data } of journal.read()) {
      const entry = parse(data, directory);
      if ("end" in entry) begun.delete(entry.end);
      else begun.set(seq, entry);
    }
  } catch (error) {
    await journal.close();
    throw error;
  }
  const append = async (entry: Intent | { readonly end: number }): Promise<number> =>
    (await journal.append([Buffer.from(JSON.stringify(entry))])).lastSeq;
  const tails = new Map<string, Promise<unknown>>();
  let running = 0;
  let ended = 0;
  let unended = begun.size;
  const one = async <T>(intent: Intent, work: () => Promise<T>): Promise<T> => {
    running += 1;
    unended += 1;
    try {
      const seq = await append(intent);
      const result = await work();
      await append({ end: seq });
      unended -= 1;
      return result;
    } finally {
      running -= 1;
      // Entries are small; now and then the journal is begun anew, while no write is under way and none has failed half way.
      // What was acknowledged stays so when that fails; a journal that is lost refuses the next write.
      if (running === 0 && unended === 0 && ++ended % 1024 === 0) await journal.rotate(journal.lastSeq + 1).catch(() => undefined);
    }
  };
  return {
    open: [...begun.values()],
    run: (intent, work) => {
      const run = (tails.get(intent.path) ?? Promise.resolve()).then(() => one(intent, work));
      const tail = run.catch(() => undefined).finally(() => tails.get(intent.path) === tail && tails.delete(intent.path));
      tails.set(intent.path, tail);
      return run;
    },
    settle: async () => {
      await journal.rotate(journal.lastSeq + 1);
      unended = 0;
    },
    close: () => journal.close(),
  };
}

function parse(data: Uint8Array, directory: string): Intent | { readonly end: number } {
  const { end, path, digest } = (jsonOf(data) ?? {}) as Partial<Record<string, unknown>>;
  if (typeof end === "number") return { end };
  if (typeof path === "string" && path !== "" && !path.includes("\0") && typeof digest === "string") return { path, digest };
  throw new AtomicIoError("ATOMIC_IO_JOURNAL_CORRUPT", `Cannot read the intents in "${directory}": an entry is not an intent`, {
    details: { directory },
    hint: "another program wrote there; choose another directory",
  });
}

function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString("utf8"));
  } catch {
    return null;
  }
}
