import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

/** What no scan in Node can be faster than: threads that list the folders of a tree and examine each file, and do nothing with what they see. */
export interface BareLook {
  readonly look: () => Promise<void>;
}

/** Which part of the folders of a tree a thread looks at. */
interface Part {
  readonly root: string;
  readonly first: number;
  readonly step: number;
}

/** Starts the threads beside this one, which nobody has to wait for. */
export function openBareLook(root: string, threads: number): BareLook {
  const workers = Array.from({ length: threads - 1 }, () => new Worker(new URL(import.meta.url)));
  for (const worker of workers) worker.unref();
  return {
    look: async () => {
      const answers = workers.map((worker, at) => answerOf(worker, { root, first: at + 1, step: threads }));
      lookAt({ root, first: 0, step: threads });
      await Promise.all(answers);
    },
  };
}

async function answerOf(worker: Worker, part: Part): Promise<void> {
  worker.ref();
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.postMessage(part);
  });
  worker.removeAllListeners("error");
  worker.unref();
}

function lookAt({ root, first, step }: Part): void {
  const folders = readdirSync(root).filter((name) => !name.startsWith("."));
  for (let at = first; at < folders.length; at += step) {
    const folder = join(root, folders[at] as string);
    for (const { name } of readdirSync(folder, { withFileTypes: true })) lstatSync(`${folder}/${name}`);
  }
}

if (!isMainThread) {
  parentPort?.on("message", (part: Part) => {
    lookAt(part);
    parentPort?.postMessage("done");
  });
}
