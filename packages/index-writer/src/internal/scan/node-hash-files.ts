import type { Digest } from "@gov/schema/canonical";
import type { ContentHasher, HashFault, HashInput } from "../../scan/content-hasher.ts";
import { finishWork, hasScanThread, shareWork } from "./node-scan-threads.ts";
import { noteStat, statLength } from "./noted-stat.ts";
import { changed, createScanWork, digestReader, done, largeBytes, loadOf, type ScanWork } from "./node-scan-work.ts";

/** Starting a thread takes as long as hashing so many small files; one that runs takes its share of fewer. */
const worthAThread = 2_000;
const worthSharing = 200;

/** Hashes files of the machine on all its cores: the one Node default of the {@link ContentHasher} port. The event loop keeps turning. */
export const nodeHashFiles: ContentHasher = async (files, { signal }) => {
  if (files.length === 0) return [];
  const [large, small]: [number[], number[]] = [[], []];
  for (const [index, { stat }] of files.entries()) (stat.size >= largeBytes ? large : small).push(index);
  const order = large.concat(small);
  const paths = order.map((index) => (files[index] as HashInput).absolute);
  const work = createScanWork("hash", paths, { large: large.length });
  order.forEach((index, at) => noteStat(work.stats, at * statLength, (files[index] as HashInput).stat));
  const shared = large.length > 0 || files.length >= (hasScanThread() ? worthSharing : worthAThread);
  if (shared) shareWork(work);
  await finishWork([{ work, load: loadOf(work), shared }], signal);
  return resultsOf(work, order);
};

function resultsOf(work: ScanWork, order: readonly number[]): readonly (Digest | HashFault)[] {
  const results = new Array<Digest | HashFault>(order.length);
  const digestAt = digestReader(work);
  order.forEach((index, at) => {
    const outcome = work.outcomes[at];
    results[index] = outcome === done ? digestAt(at) : outcome === changed ? "INDEX_FILE_CHANGED" : "INDEX_FILE_UNREADABLE";
  });
  return results;
}
