import { replaceFile, replaceFileSync } from "@gov/atomic-io";
import { openJournal, readJournal } from "@gov/atomic-io/journal";
import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import { exploreCrashes } from "./crash-harness.ts";

/** What exploring every state of every workload found. */
export interface Exploration {
  states: number;
  torn: number;
  lost: number;
}

const old = "old content, long enough to be torn";

/**
 * Explores every state that a power cut can leave, after every call, of workloads that grow until so many states have been seen: replaces of several files one
 * after the other and at the same time, synchronous ones, and appends to a journal that is read again, in both orders of a directory's changes.
 */
export async function exploreEverything(target: number): Promise<Exploration> {
  const found: Exploration = { states: 0, torn: 0, lost: 0 };
  for (let size = 2; found.states < target; size++) {
    for (const directoryOrder of ["ordered", "any"] as const) {
      if (found.states >= target) break;
      await exploreReplaces(found, { size, directoryOrder, together: false });
      await exploreReplaces(found, { size: Math.min(size, 5), directoryOrder, together: true });
      await exploreJournal(found, { size: Math.min(size, 4), directoryOrder });
    }
  }
  return found;
}

interface Shape {
  readonly size: number;
  readonly directoryOrder: "ordered" | "any";
}

async function exploreReplaces(found: Exploration, shape: Shape & { readonly together: boolean }): Promise<void> {
  const { size, directoryOrder, together } = shape;
  const paths = Array.from({ length: size }, (_, index) => `/d/${index}`);
  const acknowledged = new Map<string, string>();
  const contentOf = (path: string): string => `new content of ${path}, in more than one word`;
  const replace = async (fs: MemoryFileSystem, path: string, index: number): Promise<void> => {
    if (index % 2 === 0 || together) await replaceFile(path, contentOf(path), { fs });
    else replaceFileSync(path, contentOf(path), { fs: fs.sync });
    acknowledged.set(path, contentOf(path));
  };
  found.states += await exploreCrashes<string>(
    async (fs) => {
      if (together) await Promise.all(paths.map((path, index) => replace(fs, path, index)));
      else for (const [index, path] of paths.entries()) await replace(fs, path, index);
    },
    (image) => {
      for (const path of paths) {
        const text = image.text(path);
        if (text !== old && text !== contentOf(path)) found.torn += 1;
        else if (acknowledged.has(path) && text === old) found.lost += 1;
      }
    },
    { files: Object.fromEntries(paths.map((path) => [path, old])), directoryOrder, maxImages: 65_536, atOnce: true },
  );
}

async function exploreJournal(found: Exploration, { size, directoryOrder }: Shape): Promise<void> {
  let acknowledged = 0;
  found.states += await exploreCrashes<string>(
    async (fs) => {
      for (let opening = 0; opening < size; opening++) {
        const journal = await openJournal("/journal", { fs, preallocateBytes: 256 });
        for (let record = 0; record < 2; record++) {
          await journal.append([Buffer.from(`record ${acknowledged + 1}`)]);
          acknowledged += 1;
        }
        await journal.close();
      }
    },
    async (image) => {
      const promised = acknowledged;
      const texts: string[] = [];
      for await (const { data } of (await readJournal("/journal", { fs: image })).read()) texts.push(Buffer.from(data).toString("utf8"));
      if (texts.some((text, index) => text !== `record ${index + 1}`)) found.torn += 1;
      else if (texts.length < promised) found.lost += 1;
    },
    { directoryOrder, maxImages: 512 },
  );
}
