import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pidNamespaces, startTwin } from "./fight-for-lock.ts";

/** What a fight of several processes for one lease gave. */
export interface FightReport {
  /** Holders that were stopped and continued after others had gone on. */
  readonly rounds: number;
  readonly acknowledged: number;
  readonly epochs: number;
  /** Numbers acknowledged more than once. */
  readonly doubles: number;
}

const processes = 6;

/** Lets six processes write under one lease, stops a holder in each round, and lets it go on only after others have acknowledged. */
export async function fightForLease(
  directory: string,
  options: {
    readonly rounds: number;
    readonly leaseMs: number;
    readonly careless?: boolean;
    readonly onRound?: (round: number) => unknown;
  },
): Promise<FightReport> {
  const seen = new Set<string>();
  const epochs = new Set<string>();
  let doubles = 0;
  let rounds = 0;
  let stopped: ChildProcess | null = null;
  let sinceStop = 0;
  const children: ChildProcess[] = [];
  const finished = new Promise<void>((resolve, reject) => {
    const hear = (child: ChildProcess, line: string): void => {
      const [number = "", epoch = ""] = line.split(" ");
      if (seen.has(number)) doubles += 1;
      seen.add(number);
      epochs.add(epoch);
      // A twin is stopped from within its namespace only, so it is left to run.
      if (stopped === null && child.spawnfile !== "unshare") {
        stopped = child;
        sinceStop = 0;
        child.kill("SIGSTOP");
      } else if (stopped !== null && child !== stopped && ++sinceStop >= 10) {
        stopped.kill("SIGCONT");
        stopped = null;
        rounds += 1;
        options.onRound?.(rounds);
        if (rounds >= options.rounds) resolve();
      }
    };
    for (let count = 0; count < processes; count++) {
      const child = fighter(directory, { ...options, twin: count >= 4 && pidNamespaces }, hear);
      child.once("exit", () => reject(new Error("One of the six is gone")));
      children.push(child);
    }
  });
  await finished;
  const gone = children.map((child) => once(child, "exit"));
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(gone);
  return { rounds, acknowledged: seen.size, epochs: epochs.size, doubles };
}

function fighter(
  directory: string,
  options: { readonly leaseMs: number; readonly careless?: boolean; readonly twin: boolean },
  hear: (child: ChildProcess, line: string) => void,
): ChildProcess {
  const script = join(import.meta.dirname, "lease-fighter.mjs");
  const mode = options.careless === true ? "careless" : "careful";
  const child = startTwin([process.execPath, "--conditions=@gov/source", script, directory, String(options.leaseMs), mode], options.twin);
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => hear(child, line));
  return child;
}
