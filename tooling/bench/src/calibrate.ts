import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { type Spread, spread } from "./statistics.ts";

/** What the machine can do at all, measured first; figures of other machines can only be read beside theirs. */
export interface Calibration {
  readonly machine: string;
  readonly node: string;
  /** Load average over one minute when the run began; above 0.5 per core the figures are noise. */
  readonly load: number;
  readonly cores: number;
  /** The file system where files are written, and what it was mounted with. */
  readonly fileSystem: string;
  /** Milliseconds to write 4 KiB over the same place of a file and sync it: one flush of the device. */
  readonly fsyncInPlaceMs: Spread;
  /** Milliseconds to write 4 KiB to a new file and sync it: a flush and a commit of the file system's journal. */
  readonly fsyncNewFileMs: Spread;
  /** Milliseconds to rename a synced file over another: nothing here syncs, yet a file system may make it the dearest step of all. */
  readonly renameOverMs: Spread;
  readonly sha256MBps: Spread;
}

/** Measures the machine, with files in `directory`. */
export function calibrate(directory: string, options: { readonly monotonicMs: () => number }): Calibration {
  const processors = cpus();
  return {
    machine: `${processors[0]?.model ?? "unknown processor"}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: loadavg()[0] ?? 0,
    cores: processors.length,
    fileSystem: fileSystemOf(directory),
    fsyncInPlaceMs: spread(syncTimes(directory, { newFiles: false, monotonicMs: options.monotonicMs })),
    fsyncNewFileMs: spread(syncTimes(directory, { newFiles: true, monotonicMs: options.monotonicMs })),
    renameOverMs: spread(renameTimes(directory, options.monotonicMs)),
    sha256MBps: spread(hashSpeeds(options.monotonicMs)),
  };
}

/** Type and options as Linux tells them; elsewhere the type's number. */
function fileSystemOf(directory: string): string {
  if (!existsSync(mounts)) return `0x${statfsSync(directory).type.toString(16)}`;
  const at = `${realpathSync(directory)}/`;
  let [mounted, found] = ["", "unknown"];
  for (const line of readFileSync(mounts, "utf8").split("\n")) {
    const [, place = "", type = "", options = ""] = line.split(" ");
    const isBelow = at.startsWith(place.endsWith("/") ? place : `${place}/`);
    // Of two on one place the later one is seen.
    if (place !== "" && isBelow && place.length >= mounted.length) [mounted, found] = [place, `${type} (${options})`];
  }
  return found;
}

const mounts = "/proc/self/mounts";

function syncTimes(directory: string, options: { readonly newFiles: boolean; readonly monotonicMs: () => number }): readonly number[] {
  const { newFiles, monotonicMs } = options;
  const page = Buffer.alloc(4096, 7);
  return Array.from({ length: 120 }, (_, index) => {
    const path = join(directory, newFiles ? `calibration-${index}` : "calibration");
    const start = monotonicMs();
    // Opened without truncating, which would make the old file a growing one.
    const file = openSync(path, constants.O_WRONLY | constants.O_CREAT);
    writeSync(file, page, 0, page.length, 0);
    fsyncSync(file);
    closeSync(file);
    return monotonicMs() - start;
  }).slice(20);
}

function renameTimes(directory: string, monotonicMs: () => number): readonly number[] {
  const [from, to] = [join(directory, "calibration-new"), join(directory, "calibration-old")];
  const page = Buffer.alloc(4096, 7);
  return Array.from({ length: 60 }, () => {
    writeFileSync(from, page, { flush: true });
    const start = monotonicMs();
    renameSync(from, to);
    return monotonicMs() - start;
  }).slice(10);
}

function hashSpeeds(monotonicMs: () => number): readonly number[] {
  const megabytes = 32;
  const bytes = Buffer.alloc(megabytes * 1_000_000, 7);
  return Array.from({ length: 6 }, () => {
    const start = monotonicMs();
    createHash("sha256").update(bytes).digest();
    return megabytes / ((monotonicMs() - start) / 1000);
  }).slice(1);
}
