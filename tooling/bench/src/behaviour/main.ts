import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openPeers, type Peers } from "../peers.ts";
import { askStaleLock } from "./ask-lockers.ts";
import { type Asking, questions } from "./ask-writers.ts";
import { type LockerId, lockerIds } from "./lockers.ts";
import { loadWriter, writerIds } from "./writers.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const page = join(root, "docs", "comparison.md");
const marks = ["<!-- measured -->", "<!-- /measured -->"] as const;

const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 60);
const cache = join(root, "node_modules", ".cache", "bench", "peers");
await mkdir(cache, { recursive: true });
const scratch = await mkdtemp(join(cache, "..", "behaviour-"));
try {
  const peers = openPeers(cache);
  await peers.directory();
  const measured = `${await askWriters({ scratch, cache }, peers)}\n${await askLockers({ scratch, cache }, peers)}`;
  process.stdout.write(measured);
  if (process.argv.includes("--write")) {
    const text = await readFile(page, "utf8");
    const [before = "", rest = ""] = text.split(marks[0]);
    await writeFile(page, `${before}${marks[0]}\n\n${measured}\n${marks[1]}${rest.split(marks[1])[1] ?? "\n"}`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function askWriters(asking: Asking, peers: Peers): Promise<string> {
  const labels = await Promise.all(writerIds.map(async (id) => (await loadWriter(id, peers)).label));
  const lines = [`| | ${labels.join(" | ")} |`, `| --- |${" --- |".repeat(labels.length)}`];
  for (const { text, ask } of questions) {
    const answers: string[] = [];
    for (const id of writerIds) answers.push(await ask(id, asking));
    lines.push(`| ${text} | ${answers.join(" | ")} |`);
  }
  return `${lines.join("\n")}\n`;
}

async function askLockers(asking: Asking, peers: Peers): Promise<string> {
  const label = async (id: LockerId): Promise<string> => (id === "@gov/atomic-io" ? id : peers.label(id));
  const labels = await Promise.all(lockerIds.map(label));
  const answers: string[] = [];
  // Where the time has to pass in each round, fewer rounds.
  for (const id of lockerIds) answers.push(await askStaleLock(id, asking, id === "lockfile" ? Math.ceil(rounds / 4) : rounds));
  const lines = [`| | ${labels.join(" | ")} |`, `| --- |${" --- |".repeat(labels.length)}`];
  return `${[...lines, `| Rounds in which more than one of six processes got a lock left behind | ${answers.join(" | ")} |`].join("\n")}\n`;
}
