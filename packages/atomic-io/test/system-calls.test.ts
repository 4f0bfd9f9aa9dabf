import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mountOwn } from "./mounted.ts";
import { scratchDirectory } from "./scratch.ts";

const available = spawnSync("strace", ["-V"]).status === 0;
const required = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("strace");

/** The calls of a run as strace writes them down. */
function traceLines(calls: string, directory: string): { readonly lines: readonly string[] } {
  const output = join(scratchDirectory(), "trace");
  const child = join(import.meta.dirname, "write-and-say.mjs");
  const node = [process.execPath, "--conditions=@gov/source", "--experimental-strip-types", child, directory];
  const run = spawnSync("strace", ["-f", "-y", "-s", "200", "-e", `trace=${calls}`, "-o", output, ...node], {
    encoding: "utf8",
    env: { ...process.env, UV_USE_IO_URING: "0", NODE_NO_WARNINGS: "1" },
  });
  expect(run.status, run.stderr).toBe(0);
  return { lines: joined(readFileSync(output, "utf8")) };
}

/** The durable calls of a run in their order, as short words, with what was acknowledged among them. */
function trace(directory: string): readonly string[] {
  const { lines } = traceLines(
    "fsync,fdatasync,rename,renameat,renameat2,link,linkat,write,pwrite64,statx,stat,access,faccessat,faccessat2",
    directory,
  );
  const words: string[] = [];
  for (const line of lines) {
    const acknowledged = /write\(1<[^>]*>, "(ACK [^"\\]*)/.exec(line);
    if (acknowledged !== null) words.push(acknowledged[1] as string);
    const synced = /(fsync|fdatasync)\(\d+<([^>]*)> *\)/.exec(line);
    if (synced !== null) words.push(`${synced[1] as string} ${nameOf(synced[2] as string, directory)}`);
    const renamed = /(rename|link)(?:at2?)?\((?:AT_FDCWD[^,]*, )?"([^"]*)", (?:AT_FDCWD[^,]*, )?"([^"]*)"/.exec(line);
    if (renamed !== null)
      words.push(`${renamed[1] as string} ${nameOf(renamed[2] as string, directory)} ${nameOf(renamed[3] as string, directory)}`);
    const examined = /(?:statx|stat|access|faccessat2?)\((?:AT_FDCWD[^,]*, )?"[^"]*\/(claim|fence)-\d{10}[^"]*"/.exec(line);
    if (examined !== null) words.push(`examine ${(examined[1] as string).toUpperCase()}`);
  }
  return words;
}

/** Joins calls that strace split because another thread made one in between; a call counts where it ended. */
function joined(text: string): string[] {
  const begun = new Map<string, string>();
  return text.split("\n").flatMap((line) => {
    const [thread = "", rest = ""] = line.split(/ +(.*)/s, 2);
    if (rest.includes("<unfinished ...>")) {
      begun.set(thread, rest.replace("<unfinished ...>", ""));
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    return [resumed === null ? rest : `${begun.get(thread) ?? ""}${resumed[1] as string}`];
  });
}

function nameOf(path: string, directory: string): string {
  if (path === directory) return ".";
  // Names within a directory that is held open are reached through its descriptor.
  const name = path.replace(`${directory}/`, "").replace(/^\/proc\/self\/fd\/\d+\//, "");
  return name
    .replace(/\.gov-tmp-[0-9a-f-]+/, "TEMPORARY")
    .replace(/journal-\d+-\d+\.log/, "SEGMENT")
    .replace(/next-\d+/, "NEXT");
}

/** What every acknowledgement has to follow. */
function expectOrder(directory: string): void {
  const words = trace(directory);
  const before = (acknowledged: string): readonly string[] => {
    const end = words.indexOf(acknowledged);
    expect(end, words.join("\n")).toBeGreaterThanOrEqual(0);
    const start = words.slice(0, end).findLastIndex((word) => word.startsWith("ACK"));
    return words.slice(start + 1, end);
  };
  expect(before("ACK replaceFile")).toEqual(["fsync TEMPORARY", "rename TEMPORARY replaced", "fsync ."]);
  expect(before("ACK createFileOnce")).toEqual(["fsync TEMPORARY", "link TEMPORARY created", "fsync ."]);
  expect(before("ACK appendLine first")).toEqual(["fsync lines", "fsync ."]);
  expect(before("ACK appendLine second")).toEqual(["fsync lines"]);
  expect(before("ACK openJournal").filter((word) => !word.startsWith("examine"))).toEqual([
    "fsync .",
    "fsync journal/TEMPORARY",
    "rename journal/TEMPORARY journal/CURRENT",
    "fsync journal",
    "fsync journal/NEXT",
    "rename journal/NEXT journal/SEGMENT",
    "fsync journal",
  ]);
  expect(before("ACK append")).toEqual(["fdatasync journal/SEGMENT", "examine CLAIM"]);
  expect(before("ACK append under a lease")).toEqual(["fdatasync leased/SEGMENT", "examine CLAIM", "examine FENCE"]);
  // The fourth replace of a file, which by then is held open.
  expect(before("ACK counted")).toEqual(["fsync TEMPORARY", "rename TEMPORARY counted", "fsync ."]);
}

describe.skipIf(!available && !required)("system calls, as strace sees them (skipped without strace)", () => {
  it("syncs the file, publishes its name, syncs the directory, and only then acknowledges (AIO-01)", () => {
    expectOrder(scratchDirectory());
  });

  it("keeps that order on overlayfs and tmpfs as well, where mounting is allowed (AIO-02)", ({ skip }) => {
    for (const kind of ["overlayfs", "tmpfs"] as const) {
      const mounted = mountOwn(kind);
      if (mounted === null) {
        skip(`mounting ${kind} is not allowed here`);
        return;
      }
      try {
        expectOrder(mounted.path);
      } finally {
        mounted.unmount();
      }
    }
  });

  it("takes at most 8 calls to the file system for a replace", () => {
    const directory = scratchDirectory();
    const { lines } = traceLines("%file,%desc", directory);
    const from = lines.findIndex((line) => line.includes("ACK counting"));
    const to = lines.findIndex((line) => line.includes("ACK counted"));
    const calls = lines.slice(from + 1, to).filter((line) => line.includes(directory) || line.includes(".gov-tmp-"));
    expect(from).toBeGreaterThan(0);
    expect(calls.some((line) => line.includes("rename"))).toBe(true);
    expect(calls.filter((line) => /fsync/.test(line))).toHaveLength(2);
    expect(calls.length, calls.join("\n")).toBeLessThanOrEqual(8);
  });
});
