import { replaceFile, replaceFileSync } from "@gov/atomic-io";
import { openJournal, readJournal } from "@gov/atomic-io/journal";
import type { MemoryFileSystem } from "@gov/atomic-io/testing";
import { exploreCrashes } from "./crash-harness.ts";
import type { ReplaceMutant } from "./mutants.ts";

/** What exploring every state of every workload found. */
export interface Exploration {
  states: number;
  torn: number;
  lost: number;
}

const old = "old content, long enough to be torn";

/**
 * Explores every state that a power cut can leave, after every call, of workloads that grow until so many states have been seen: replaces of several files, four
 * times each, one after the other and at the same time, synchronous ones, and appends to a journal that is read again, in both orders of a directory's changes.
 */
export async function exploreEverything(target: number, options: Partial<Way> = {}): Promise<Exploration> {
  const way = { replace: ours, maxImages: 65_536, ...options };
  const found: Exploration = { states: 0, torn: 0, lost: 0 };
  for (let size = 2; found.states < target; size++) {
    for (const directoryOrder of ["ordered", "any"] as const) {
      if (found.states >= target) break;
      await exploreReplaces(found, { size, directoryOrder, together: false, ...way });
      await exploreReplaces(found, { size: Math.min(size, 5), directoryOrder, together: true, ...way });
      await exploreJournal(found, { size: Math.min(size, 4), directoryOrder });
    }
  }
  return found;
}

interface Way {
  readonly replace: ReplaceMutant;
  /** Above so many states after one call they are sampled. */
  readonly maxImages: number;
}

interface Shape {
  readonly size: number;
  readonly directoryOrder: "ordered" | "any";
}

// From the third on a replaced file is held open, and the fourth lets go of the one before.
const replaces = 4;

const ours: ReplaceMutant = async (fs, path, data) => void (await replaceFile(path, data, { fs }));

async function exploreReplaces(found: Exploration, shape: Shape & Way & { readonly together: boolean }): Promise<void> {
  const { size, directoryOrder, together, maxImages } = shape;
  const paths = Array.from({ length: size }, (_, index) => `/d/${index}`);
  const contentOf = (path: string, round: number): string => (round === 0 ? old : `content ${round} of ${path}, in more than one word`);
  const contents = new Map(paths.map((path) => [path, Array.from({ length: replaces + 1 }, (_, round) => contentOf(path, round))]));
  // The last round of each path that was acknowledged, which is the least a crash may leave.
  const acknowledged = new Map<string, number>();
  const replace = async (fs: MemoryFileSystem, path: string, round: number): Promise<void> => {
    if (together || paths.indexOf(path) % 2 === 0) await shape.replace(fs, path, contentOf(path, round));
    else replaceFileSync(path, contentOf(path, round), { fs: fs.sync });
    acknowledged.set(path, round);
  };
  found.states += await exploreCrashes<string>(
    async (fs) => {
      for (let round = 1; round <= replaces; round++) {
        if (together) await Promise.all(paths.map((path) => replace(fs, path, round)));
        else for (const path of paths) await replace(fs, path, round);
      }
    },
    (image) => {
      for (const path of paths) {
        const round = (contents.get(path) as string[]).indexOf(image.text(path) ?? "");
        if (round === -1) found.torn += 1;
        else if (round < (acknowledged.get(path) ?? 0)) found.lost += 1;
      }
    },
    { files: Object.fromEntries(paths.map((path) => [path, old])), directoryOrder, maxImages, atOnce: true },
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
