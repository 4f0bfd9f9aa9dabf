import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { WriterId } from "./writers.ts";

/** Where questions are asked. */
export interface Asking {
  /** An empty folder on a real disk. */
  readonly scratch: string;
  /** Where the peers are installed. */
  readonly cache: string;
}

/** One thing asked of every writer. */
export interface Question {
  readonly text: string;
  readonly ask: (id: WriterId, asking: Asking) => Promise<string> | string;
}

const child = fileURLToPath(import.meta.resolve("./writer-child.ts"));
const notHere = (why: string): string => `not examined: ${why}`;

/** Everything asked, in the order of the page. */
export const questions: readonly Question[] = [
  { text: "What is synced before a replace is acknowledged", ask: askSyncs },
  { text: "30,000 bytes on a disk with room for 20,480", ask: askFullDisk },
  { text: "A `Uint16Array` of four elements", ask: plain("typed array") },
  { text: "`undefined` as data", ask: plain("undefined") },
  { text: "The mode of the file", ask: plain("mode") },
  { text: "One options object used for two files", ask: plain("options") },
  { text: "A dangling symbolic link", ask: plain("dangling link") },
  { text: "A name of 255 bytes", ask: plain("long name") },
  { text: "Temporaries left by 20 killed writers, after one more write", ask: askOrphans },
];

function plain(question: string): Question["ask"] {
  return (id, asking) => answerOf([], { id, question, folder: folderIn(asking), asking });
}

function folderIn({ scratch }: Asking): string {
  return mkdtempSync(join(scratch, "asked-"));
}

interface Run {
  readonly id: WriterId;
  readonly question: string;
  readonly folder: string;
  readonly asking: Asking;
}

function commandOf({ id, question, folder, asking }: Run): [string, ...string[]] {
  return [process.execPath, "--conditions=@gov/source", child, id, question, folder, asking.cache];
}

function answerOf(before: readonly string[], run: Run): string {
  const [program = "", ...rest] = [...before, ...commandOf(run)];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    encoding: "utf8",
    env: { ...process.env, NODE_NO_WARNINGS: "1", UV_USE_IO_URING: "0" },
  });
  if (status !== 0) throw new Error(`Cannot ask ${run.id} about "${run.question}": ${stderr}`);
  return stdout;
}

function askSyncs(id: WriterId, asking: Asking): string {
  if (spawnSync("strace", ["-V"]).status !== 0) return notHere("strace is missing");
  const folder = folderIn(asking);
  const trace = join(asking.scratch, "trace");
  answerOf(["strace", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace], { id, question: "syncs", folder, asking });
  const synced = [...readFileSync(trace, "utf8").matchAll(/f(?:data)?sync\(\d+<([^>]*)>/g)].map(([, path]) => path ?? "");
  const directory = synced.includes(folder);
  const file = synced.some((path) => path.startsWith(`${folder}/`));
  if (file && directory) return "file and directory";
  return file ? "**file only: a power cut can undo it**" : "**nothing**";
}

function askFullDisk(id: WriterId, asking: Asking): string {
  const folder = folderIn(asking);
  const mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder] as const;
  if (spawnSync(mounting[0], mounting.slice(1)).status !== 0) return notHere("mounting is not allowed");
  try {
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, "ballast"), Buffer.alloc(bavail * bsize - 20_480 - bsize));
    return answerOf([], { id, question: "full disk", folder, asking });
  } finally {
    const [program, ...rest] = ["umount", "-l", folder] as const;
    spawnSync(program, rest);
  }
}

async function askOrphans(id: WriterId, asking: Asking): Promise<string> {
  const folder = folderIn(asking);
  mkdirSync(folder, { recursive: true });
  for (let kill = 0; kill < 20; kill++) {
    const [program, ...rest] = commandOf({ id, question: "forever", folder, asking });
    const writer = spawn(program, rest, { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, NODE_NO_WARNINGS: "1" } });
    const gone = once(writer, "exit");
    await once(writer.stdout, "data");
    // At another point of a write each time.
    await new Promise((resolve) => setTimeout(resolve, kill % 7));
    writer.kill("SIGKILL");
    await gone;
  }
  answerOf([], { id, question: "mode", folder, asking });
  const left = readdirSync(folder).filter((name) => name !== "doc").length;
  rmSync(folder, { recursive: true });
  return left === 0 ? "0" : `**${left}**`;
}
