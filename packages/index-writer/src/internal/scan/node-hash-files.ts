import type { Digest } from "@gov/schema/canonical";
import type { ContentHasher, HashFault, HashInput } from "../../scan/content-hasher.ts";
import { finishWork, hasScanThread, shareWork } from "./node-scan-threads.ts";
import { changed, createScanWork, done, type ScanWork } from "./node-scan-work.ts";

/** Starting a thread takes as long as hashing so many small files; one that runs takes its share of fewer. */
const worthAThread = 2_000;
const worthSharing = 200;
const largeBytes = 256 * 1024;

/** Hashes files of the machine on all its cores: the one Node default of the {@link ContentHasher} port. The event loop keeps turning. */
export const nodeHashFiles: ContentHasher = async (files, { signal }) => {
  if (files.length === 0) return [];
  const order = [...files.keys()];
  const large = order.filter((index) => isLarge(files[index]));
  if (large.length > 0) order.splice(0, order.length, ...large, ...order.filter((index) => !isLarge(files[index])));
  const paths = order.map((index) => (files[index] as HashInput).absolute);
  const work = createScanWork("hash", paths, large.length);
  order.forEach((index, at) => {
    const { stat } = files[index] as HashInput;
    work.stats[at * 4] = BigInt(stat.size);
    work.stats[at * 4 + 1] = stat.inode;
    work.stats[at * 4 + 2] = stat.modifiedNs;
    work.stats[at * 4 + 3] = stat.changedNs;
  });
  const shared = large.length > 0 || files.length >= (hasScanThread() ? worthSharing : worthAThread);
  if (shared) shareWork(work);
  await finishWork(work, { ...work, paths }, { shared, signal });
  return resultsOf(work, order);
};

function resultsOf({ digests, outcomes }: ScanWork, order: readonly number[]): readonly (Digest | HashFault)[] {
  const results = new Array<Digest | HashFault>(order.length);
  const hex = Buffer.from(digests.buffer).toString("hex");
  order.forEach((index, at) => {
    const outcome = outcomes[at];
    results[index] =
      outcome === done
        ? `sha256:${hex.slice(at * 64, at * 64 + 64)}`
        : outcome === changed
          ? "INDEX_FILE_CHANGED"
          : "INDEX_FILE_UNREADABLE";
  });
  return results;
}

function isLarge(file: HashInput | undefined): boolean {
  return file !== undefined && file.stat.size >= largeBytes;
}
