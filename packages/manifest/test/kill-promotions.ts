import { spawn } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DiskAction, look, prepare, run, told } from "./disk-promotion.ts";

/** What a series of killed processes left. */
export interface KilledPromotions {
  readonly calls: number;
  readonly kills: number;
  /** Neither the old state nor the new one, and no marker. */
  readonly torn: number;
  /** Not frozen, though the run had begun to change something and had not ended. */
  readonly thawed: number;
  /** Not brought to its end by running it again. */
  readonly unfinished: number;
  /** Steps told twice, or not at all. */
  readonly mistold: number;
  /** Kills that found the run frozen: none would mean that they hit nothing. */
  readonly frozen: number;
}

/** Kills a process by SIGKILL at points spread over all its calls of the file system, looks at what is left on the disk, and runs the action again there. */
export async function killPromotions(
  scratch: string,
  action: DiskAction,
  { kills }: { readonly kills: number },
): Promise<KilledPromotions> {
  const template = join(scratch, "template");
  mkdirSync(template, { recursive: true });
  await prepare(template, action);
  const first = copy(template, join(scratch, "whole"));
  const calls = Number((await work(first, action, 0)).printed);
  const whole = (await told(first)).join();
  const target = action === "promote" ? "new" : "old";
  const counts = { torn: 0, thawed: 0, unfinished: 0, mistold: 0, frozen: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const directory = copy(template, join(scratch, `kill-${String(kill)}`));
    const point = 1 + Math.floor((kill * calls) / kills);
    const { signal } = await work(directory, action, point);
    if (signal !== "SIGKILL") throw new Error(`The process was not killed at call ${String(point)}`);
    const left = await look(directory);
    if (left.frozen) counts.frozen++;
    if (!left.marked && left.state === "other") counts.torn++;
    const ended = left.finished.includes(action === "promote" ? "promotion-1" : "rollback-1");
    if (!left.frozen && (ended ? left.state !== target || left.marked : action === "roll back" || left.state !== "old" || left.marked))
      counts.thawed++;
    if (!ended) await run(directory, action);
    const after = await look(directory);
    if (after.frozen || after.marked || after.state !== target) counts.unfinished++;
    if ((await told(directory)).join() !== whole) counts.mistold++;
  }
  return { calls, kills, ...counts };
}

function copy(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}

async function work(
  directory: string,
  action: DiskAction,
  point: number,
): Promise<{ readonly printed: string; readonly signal: NodeJS.Signals | null }> {
  const script = join(import.meta.dirname, "promotion-worker.mjs");
  const child = spawn(
    process.execPath,
    ["--conditions=@gov/source", "--experimental-strip-types", script, directory, action, String(point)],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    },
  );
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve({ printed: Buffer.concat(out).toString(), signal });
      else reject(new Error(`The process failed: ${Buffer.concat(err).toString()}`));
    });
  });
}
