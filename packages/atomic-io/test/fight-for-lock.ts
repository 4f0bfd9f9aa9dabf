import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { plainJavaScript } from "./plain-javascript.ts";

/** What a fight of several processes for one stale lock gave. */
export interface LockFightReport {
  readonly rounds: number;
  /** Times a lock was taken that a holder had left behind. */
  readonly stale: number;
  /** Numbers that two holders have counted to. */
  readonly doubles: number;
  /** How often each version of Node held it. */
  readonly holders: Readonly<Record<string, number>>;
}

/** A Node of another major version than this one, from the search path, or null. */
export const otherNode: string | null = ((): string | null => {
  const found = spawnSync("node", ["-p", "process.execPath + ' ' + process.version"], {
    encoding: "utf8",
    // The folder that the package manager puts first holds this very Node.
    env: {
      ...process.env,
      PATH: (process.env["PATH"] ?? "")
        .split(":")
        .filter((folder) => !folder.includes("node_modules"))
        .join(":"),
    },
  });
  const [path = "", version = ""] = (found.stdout ?? "").trim().split(" ");
  return found.status === 0 && version.split(".")[0] !== process.version.split(".")[0] ? path : null;
})();

/** True where a process can be given a pid namespace of its own, in which it is number 1. */
export const pidNamespaces: boolean = ((): boolean => {
  const [program = "", ...rest] = inOwnNamespace(["true"]);
  return spawnSync(program, rest).status === 0;
})();

function inOwnNamespace(command: readonly string[]): readonly string[] {
  return ["unshare", "-pf", "--kill-child", ...command];
}

/** Starts a script as process 1 of a pid namespace of its own, or as an ordinary one. */
export function startTwin(command: readonly string[], twin: boolean): ChildProcess {
  const [program = "", ...rest] = twin ? inOwnNamespace(command) : command;
  return spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NODE_NO_WARNINGS: "1" } });
}

/** Lets six processes take one lock that is always left behind, two of them as twins of number 1 where possible, half of them on another Node where there is one. */
export async function fightForLock(
  directory: string,
  options: { readonly rounds: number; readonly careless?: boolean },
): Promise<LockFightReport> {
  plainJavaScript(directory, ["lock-fighter.mjs"]);
  writeFileSync(join(directory, "counter"), "0");
  const seen = new Set<string>();
  const holders: Record<string, number> = {};
  let [doubles, stale, rounds] = [0, 0, 0];
  const children: ChildProcess[] = [];
  await new Promise<void>((resolve, reject) => {
    for (let count = 0; count < 6; count++) {
      const node = count % 2 === 1 && otherNode !== null ? otherNode : process.execPath;
      const mode = options.careless === true ? "careless" : "careful";
      const child = startTwin([node, join(directory, "lock-fighter.mjs"), directory, mode], count >= 4 && pidNamespaces);
      children.push(child);
      child.once("exit", () => reject(new Error("One of the six is gone")));
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
        const [number = "", left, version = ""] = line.split(" ");
        if (seen.has(number)) doubles += 1;
        seen.add(number);
        if (left === "stale") stale += 1;
        holders[version] = (holders[version] ?? 0) + 1;
        if (++rounds >= options.rounds) resolve();
      });
    }
  });
  const gone = children.map((child) => once(child, "exit"));
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(gone);
  return { rounds, stale, doubles, holders };
}
