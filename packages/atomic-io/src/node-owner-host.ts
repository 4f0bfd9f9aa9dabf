import { readFileSync, readlinkSync } from "node:fs";
import { errnoOf } from "./internal/errno.ts";
import type { OwnerHost } from "./owner-host.ts";
import type { TemporaryOwner } from "./temp-name.ts";

let known: TemporaryOwner | undefined;

/** The machine's processes as Linux shows them in /proc; the one Node default of the {@link OwnerHost} port. */
export const nodeOwnerHost: OwnerHost = {
  self: () => (known ??= identify()),
  startOf: (pid) => {
    if (process.platform !== "linux") return undefined;
    const stat = numbersAreOurs() ? textOf(`/proc/${pid}/stat`) : "";
    if (stat !== "") return startIn(stat);
    return isGone(pid) ? null : undefined;
  },
  bootedMs: () => {
    const seconds = /^btime (\d+)$/m.exec(textOf("/proc/stat"))?.[1];
    return seconds === undefined ? null : Number(seconds) * 1000;
  },
  now: () => Date.now(),
};

// A pid namespace may be entered without a /proc of its own: what has that number there is another process, as this one has another number.
function numbersAreOurs(): boolean {
  return linkAt("/proc/self") === String(process.pid);
}

// A system may hide the processes of other users from /proc; a signal that is never sent finds them all the same.
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === "ESRCH";
  }
}

function identify(): TemporaryOwner {
  const boot = textOf("/proc/sys/kernel/random/boot_id")
    .replaceAll(/[^0-9a-f]/g, "")
    .slice(0, 16);
  return {
    boot: boot || "0",
    pidNamespace: /\d+/.exec(linkAt("/proc/self/ns/pid"))?.[0] ?? "0",
    pid: process.pid,
    started: startIn(textOf("/proc/self/stat")),
  };
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

// The 22nd field of /proc/<pid>/stat; the second is the command in parentheses and may hold spaces.
function startIn(stat: string): string {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
