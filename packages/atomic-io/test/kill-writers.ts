import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isTemporaryName, sweepTemporaries } from "@gov/atomic-io";

/** What a series of killed writers left. */
export interface KillReport {
  readonly kills: number;
  /** Temporaries seen after kills, before anyone swept: none would mean that the kills hit nothing. */
  readonly seen: number;
  /** Temporaries after the last sweep. */
  readonly orphans: number;
  /** Files that hold neither old nor new content whole. */
  readonly torn: number;
}

/** Kills one writer after the other, each after a number of acknowledgements that follows from the seed, then opens the directory once more. */
export async function killWriters(directory: string, options: { readonly kills: number; readonly seed: number }): Promise<KillReport> {
  let state = options.seed;
  let seen = 0;
  let torn = 0;
  for (let kill = 0; kill < options.kills; kill++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    await killAfter(directory, (state >>> 8) % 23);
    const names = readdirSync(directory);
    seen += names.filter(isTemporaryName).length;
    for (const name of names.filter((found) => !isTemporaryName(found))) {
      const text = readFileSync(join(directory, name), "utf8");
      const line = text.slice(0, text.length / 500);
      if (text !== line.repeat(500) || !/^[a-d] \d+ $/.test(line)) torn += 1;
    }
  }
  await sweepTemporaries(directory);
  return { kills: options.kills, seen, torn, orphans: readdirSync(directory).filter(isTemporaryName).length };
}

async function killAfter(directory: string, acknowledgements: number): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=@gov/source", join(import.meta.dirname, "replace-forever.mjs"), directory], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  const gone = once(child, "exit");
  let left = acknowledgements;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "ack" && left-- <= 0) break;
  }
  child.kill("SIGKILL");
  await gone;
}
