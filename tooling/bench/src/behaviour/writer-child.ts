import { chmodSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openPeers } from "../peers.ts";
import { loadWriter, type WriterId } from "./writers.ts";

// Run as a process of its own per question: <writer> <question> <folder> <peers cache>; says the answer on standard output.
const [id, question, folder, cache] = process.argv.slice(2) as [WriterId, string, string, string];
const { write } = await loadWriter(id, openPeers(cache));
const path = join(folder, "doc");

const refusal = async (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => (error as { code?: string }).code ?? (error as Error).name,
  );

const answers: Readonly<Record<string, () => Promise<string>>> = {
  syncs: async () => {
    writeFileSync(path, "old");
    await write(path, "new");
    return "written";
  },
  "full disk": async () => {
    writeFileSync(path, "old");
    const refused = await refusal(write(path, Buffer.alloc(30_000, "n")));
    const size = statSync(path).size;
    if (refused === null) return size === 30_000 ? "wrote all" : `**success reported, ${size} of 30000 bytes written**`;
    return `${refused}, ${size === 3 ? "old file kept" : `**${size} bytes left**`}`;
  },
  "typed array": async () => {
    const refused = await refusal(write(path, new Uint16Array(4)));
    return refused ?? (statSync(path).size === 8 ? "8 of 8 bytes" : `**${statSync(path).size} of 8 bytes**`);
  },
  undefined: async () => {
    writeFileSync(path, "old");
    const refused = await refusal(write(path, undefined));
    return refused === null ? `**writes "${readFileSync(path, "utf8")}"**` : `refused (${refused})`;
  },
  mode: async () => {
    writeFileSync(path, "old");
    chmodSync(path, 0o600);
    await write(path, "new");
    const mode = statSync(path).mode & 0o777;
    return mode === 0o600 ? "kept" : `**0600 becomes 0${mode.toString(8)}**`;
  },
  options: async () => {
    const options = {};
    const other = join(folder, "other");
    for (const [file, mode] of [
      [path, 0o600],
      [other, 0o644],
    ] as const) {
      writeFileSync(file, "old");
      chmodSync(file, mode);
      await write(file, "new", options);
    }
    const mode = statSync(other).mode & 0o777;
    return Object.keys(options).length === 0 ? "unchanged" : `**changed: another file's 0644 becomes 0${mode.toString(8)}**`;
  },
  "dangling link": async () => {
    symlinkSync(join(folder, "target"), path);
    const refused = await refusal(write(path, "new"));
    if (refused !== null) return refused;
    return lstatSync(path).isSymbolicLink() && existsSync(join(folder, "target")) ? "target created" : "**link replaced by a file**";
  },
  "long name": async () => {
    const long = join(folder, "n".repeat(255));
    const refused = await refusal(write(long, "new"));
    if (refused !== null) return `refused (${refused})`;
    return existsSync(long) ? "written" : "**success reported, another name written**";
  },
  forever: async () => {
    for (let round = 0; ; round++) {
      await write(path, `${round} `.repeat(50_000));
      writeSync(1, "ack\n");
    }
  },
};

const answer = answers[question];
if (answer === undefined) throw new RangeError(`Cannot answer "${question}"`);
process.stdout.write(await answer());
