import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "@gov/tooling-pack-smoke/run-command";
import type { Contender } from "../interleave.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { below } from "../seeded-random.ts";
import { loadReplacer, type ReplacerId, replacerIds } from "./replace-contenders.ts";

/** Replacing 4 KiB files, one after the other and sixteen at once. */
export const replaceFileRows: readonly Row[] = [
  { id: "replace-file-single", title: "replace one 4 KiB file, one call at a time", prepare: (context) => prepare(context, 1) },
  {
    id: "replace-file-16",
    title: "replace sixteen 4 KiB files of one directory at once, per file",
    prepare: (context) => prepare(context, 16),
  },
];

async function prepare(context: RowContext, width: number): Promise<PreparedRow> {
  const { scratch, peers, quick, random } = context;
  const data = Buffer.from(Array.from({ length: 4096 }, () => below(random, 256)));
  // Without a promise in between, sync calls do nothing concurrently: they stand only in the row of a single caller.
  const ids = replacerIds.filter((id) => width === 1 || id !== "sync");
  // Enough of them before the first is timed for V8 to have compiled what each contender runs through.
  const calls = width === 1 ? 50 : 4;
  const contenders: Contender[] = [];
  const counts = new Map<string, Readonly<Record<string, number>>>();
  for (const id of ids) {
    const { name, replace } = await loadReplacer(id, peers);
    // All in one folder: ext4 takes the inode of a new file from the group of its folder, where finding one takes the longer the more were freed in the last minute.
    const files = Array.from({ length: width }, (_, index) => join(scratch, `${id}-${index}.md`));
    const run = async (): Promise<void> => {
      for (let call = 0; call < calls; call++) await Promise.all(files.map((file) => replace(file, data)));
    };
    contenders.push({ name, run, operations: calls * width });
    counts.set(name, { "syncs per file": await countedSyncs(id, context, width) });
  }
  return {
    subject: "@gov/atomic-io replaceFile",
    contenders,
    counts,
    rounds: quick ? 8 : 40,
    warmups: 10,
    notes: [
      "replaceFile syncs the file and its directory; write-file-atomic and atomically sync the file only, so that a power cut can undo what they acknowledged.",
      "All replace files of the same directory, by turns.",
      "The lines by hand are the same calls without the checks (mode, owner, links, whole write, clean-up): the floor of each interface. The one that awaits its syncs is the floor of whoever keeps no event loop waiting for the disk.",
    ],
  };
}

async function countedSyncs(id: ReplacerId, { scratch, peers }: RowContext, width: number): Promise<number> {
  const script = fileURLToPath(import.meta.resolve("./count-replace-syncs.ts"));
  const cache = join(await peers.directory(), "..");
  return Number(await runCommand([process.execPath, script, id, join(scratch, "counted"), cache, String(width)], { cwd: scratch }));
}
