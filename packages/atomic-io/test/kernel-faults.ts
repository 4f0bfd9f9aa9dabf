import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isTemporaryName, sweepTemporaries } from "@gov/atomic-io";
import { type JournalView, openJournal, readJournal } from "@gov/atomic-io/journal";

/** True where strace is installed. */
export const straceIsHere: boolean = spawnSync("strace", ["-V"]).status === 0;

/** A fault that the kernel makes: at the n-th call of that name, kill the process or let the call fail. */
export interface KernelFault {
  readonly call: string;
  readonly when: number;
  /** `SIGKILL`, or an errno. */
  readonly what: string;
}

/** What a run under a fault broke: empty when every promise was kept. */
export interface FaultReport {
  readonly fault: KernelFault;
  readonly broken: readonly string[];
  readonly refused: readonly string[];
  readonly ended: boolean;
}

const traced = ["fsync", "fdatasync", "rename", "link", "unlink", "pwrite64", "ftruncate"];

/** Every call that matters in a run without a fault, with how often it is made: where faults can be put. */
export function faultPoints(root: string): readonly { readonly call: string; readonly times: number }[] {
  const directory = mkdtempSync(join(root, "count-"));
  const output = join(directory, "trace");
  const run = strace(directory, ["-e", `trace=${traced.join(",")}`, "-o", output]);
  if (run.status !== 0) throw new Error(`Cannot count the calls: ${run.stderr}`);
  const lines = readFileSync(output, "utf8").split("\n");
  rmSync(directory, { recursive: true });
  return traced.map((call) => ({ call, times: lines.filter((line) => new RegExp(`^\\d+ +${call}\\(`).test(line)).length }));
}

/** Writes under one fault and checks everything that was promised. */
export async function runWithFault(root: string, fault: KernelFault): Promise<FaultReport> {
  const directory = mkdtempSync(join(root, "fault-"));
  const how = fault.what === "SIGKILL" ? "signal=SIGKILL" : `error=${fault.what}`;
  const { stdout } = strace(directory, [
    "-e",
    `trace=${fault.call}`,
    "-e",
    `inject=${fault.call}:${how}:when=${fault.when}`,
    "-o",
    "/dev/null",
  ]);
  const said = stdout.split("\n");
  const broken = await brokenPromises(directory, said);
  rmSync(directory, { recursive: true });
  return { fault, broken, refused: said.filter((line) => line.startsWith("ERR ")), ended: said.includes("END") };
}

function strace(
  directory: string,
  args: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const child = [process.execPath, "--conditions=@gov/source", join(import.meta.dirname, "write-under-faults.mjs"), directory];
  return spawnSync("strace", ["-f", "-qq", ...args, ...child], {
    encoding: "utf8",
    // One thread, since the n-th call is counted for each of them.
    env: { ...process.env, UV_USE_IO_URING: "0", UV_THREADPOOL_SIZE: "1", NODE_NO_WARNINGS: "1" },
  });
}

async function brokenPromises(directory: string, said: readonly string[]): Promise<string[]> {
  const numbers = (word: string, kind: string): number[] =>
    said.flatMap((line) => (line.startsWith(`${word} ${kind} `) ? [Number(line.split(" ")[2])] : []));
  const broken: string[] = [];
  const text = (name: string): string | null => (existsSync(join(directory, name)) ? readFileSync(join(directory, name), "utf8") : null);
  const whole = (version: number): string => `version ${version} `.repeat(400);

  const [acknowledged, tried] = [Math.max(0, ...numbers("ACK", "replace")), Math.max(0, ...numbers("TRY", "replace"))];
  const possible = Array.from({ length: tried - acknowledged + 1 }, (_, index) => acknowledged + index);
  const found = text("doc");
  if (!possible.some((version) => found === (version === 0 ? null : whole(version))))
    broken.push(`replaceFile left ${found?.slice(0, 20) ?? "nothing"}`);

  for (const version of numbers("TRY", "once")) {
    const once = text(`once-${version}`);
    if (once === null ? numbers("ACK", "once").includes(version) : once !== whole(version))
      broken.push(`createFileOnce left ${once?.length ?? "nothing"}`);
  }

  const lines = (text("log") ?? "").split("\n").slice(0, -1);
  for (const version of numbers("ACK", "line")) if (!lines.includes(`line ${version}`)) broken.push(`appendLine lost line ${version}`);
  if (lines.some((line) => !/^line \d$/.test(line))) broken.push("appendLine left a line that is none");

  broken.push(...(await brokenJournal(join(directory, "journal"), numbers("ACK", "record"))));
  for (const place of [directory, join(directory, "journal")]) {
    await sweepTemporaries(place);
    if (existsSync(place) && readdirSync(place).some(isTemporaryName)) broken.push("an orphan stayed");
  }
  return broken;
}

async function brokenJournal(directory: string, acknowledged: readonly number[]): Promise<string[]> {
  try {
    const read = await textsOf(await readJournal(directory));
    const journal = await openJournal(directory);
    const opened = await textsOf(journal);
    await journal.append([Buffer.from("goes on")]);
    await journal.close();
    const all = acknowledged.map((version) => `record ${version} `.repeat(100));
    // The first record may have been dropped by the rotation.
    const lost = all.filter((text) => !opened.includes(text) && !text.startsWith("record 1 "));
    return [
      ...(read.join() === opened.join() ? [] : ["the journal reads in two ways"]),
      ...lost.map((text) => `the journal lost ${text.slice(0, 8)}`),
    ];
  } catch (error) {
    return [`the journal cannot be opened: ${String(error)}`];
  }
}

async function textsOf(journal: JournalView): Promise<string[]> {
  const texts: string[] = [];
  for await (const { data } of journal.read()) texts.push(Buffer.from(data).toString("utf8"));
  return texts;
}
