import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Asking } from "./ask-writers.ts";
import { type LockerId, staleMs } from "./lockers.ts";

const child = fileURLToPath(import.meta.resolve("./lock-child.ts"));

/** Lets six processes try for one lock that a dead holder left, again and again, and says in how many rounds more than one got it. */
export async function askStaleLock(id: LockerId, { scratch, cache }: Asking, rounds: number): Promise<string> {
  const path = join(mkdtempSync(join(scratch, "lock-")), "lock");
  const start = (): ChildProcess =>
    fork(child, [id, path, cache], { execArgv: ["--conditions=@gov/source"], env: { ...process.env, NODE_NO_WARNINGS: "1" } });
  const leaveBehind = await leftBehind(id, path, start);
  const six = Array.from({ length: 6 }, start);
  await Promise.all(six.map((one) => once(one, "message", { signal: AbortSignal.timeout(60_000) })));
  let doubles = 0;
  let nobody = 0;
  for (let round = 0; round < rounds; round++) {
    await leaveBehind();
    const at = Date.now() + 15;
    const said = await Promise.all(six.map((one) => answerTo(one, { at })));
    const held = said.filter((word) => word === "held").length;
    if (held > 1) doubles += 1;
    if (held === 0) nobody += 1;
    await Promise.all(six.map((one) => answerTo(one, "release")));
  }
  const gone = six.map((one) => once(one, "exit"));
  for (const one of six) one.kill("SIGKILL");
  await Promise.all(gone);
  const unheld = nobody === 0 ? "" : `; nobody in ${nobody}`;
  return doubles === 0 ? `0 of ${rounds}${unheld}` : `**${doubles} of ${rounds}**${unheld}`;
}

async function answerTo(one: ChildProcess, message: object | string): Promise<unknown> {
  // A process that has died answers nothing.
  if (one.exitCode !== null) throw new Error("Cannot ask a process that has ended");
  const answer = once(one, "message", { signal: AbortSignal.timeout(20_000) });
  one.send(message);
  return ((await answer) as unknown[])[0];
}

/** How to put there what a holder leaves that dies: its file or folder, long untouched where time counts. */
async function leftBehind(id: LockerId, path: string, start: () => ChildProcess): Promise<() => Promise<void>> {
  const longAgo = Date.now() / 1000 - 3600;
  if (id === "proper-lockfile") {
    return async () => {
      mkdirSync(`${path}.lock`, { recursive: true });
      utimesSync(`${path}.lock`, longAgo, longAgo);
    };
  }
  if (id === "lockfile") {
    // It goes by ctime, which nobody can set: the time has to pass.
    return async () => {
      rmSync(path, { force: true });
      writeFileSync(path, "");
      await new Promise((resolve) => setTimeout(resolve, staleMs + 50));
    };
  }
  const holder = start();
  await once(holder, "message", { signal: AbortSignal.timeout(60_000) });
  await answerTo(holder, { at: 0 });
  const text = readFileSync(path, "utf8");
  const gone = once(holder, "exit");
  holder.kill("SIGKILL");
  await gone;
  return async () => writeFileSync(path, text);
}
