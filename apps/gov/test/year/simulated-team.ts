import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDirectory, type FileSystem, replaceFile } from "@gov/atomic-io";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import type { World } from "../../src/context.ts";
import { main } from "../../src/main.ts";
import { type Fate, mortalFileSystem } from "./mortal-file-system.ts";
import { mergeTrees, type Tree } from "./merge-trees.ts";
import { simulatedGit } from "./simulated-git.ts";
import type { Random, Team } from "./team.ts";

const repository = "/srv/repository";
const hour = 3_600_000;
const never = Number.POSITIVE_INFINITY;
const templates = fileURLToPath(new URL("../../templates/", import.meta.url));

/** Options of {@link simulatedTeam}. */
interface SimulatedTeamOptions {
  readonly random: Random;
  /** Puts a flaw between the program and the disk, to see whether the year notices. @default none */
  readonly flaw?: ((fs: FileSystem) => FileSystem) | undefined;
}

/**
 * A team in memory: every call runs in process on a file system that loses what was not synced when the power goes, and half of the deaths are power cuts;
 * the others leave what the kernel had. Kernel locks of the dead are free, as they are in life.
 */
export function simulatedTeam({ random, flaw = (fs) => fs }: SimulatedTeamOptions): Team {
  let disk = createMemoryFileSystem({ files: templateFiles() });
  let now = Date.UTC(2026, 0, 1, 9);
  let deaths = 0;
  // Names of kernel locks hold the device: another number is a world in which the dead hold nothing.
  let device = BigInt(process.pid) * 1_000_000n + BigInt(Math.floor(random() * 900_000));
  const git = simulatedGit(
    () => committable(disk),
    () => now,
  );
  const worldOf = (folder: string, fs: FileSystem, env: Readonly<Record<string, string>>): World => ({
    cwd: join(repository, folder),
    env,
    fs,
    space: async () => ({ type: 0, totalBytes: 1e12, freeBytes: 5e11 }),
    clock: { now: () => now, monotonicMs: () => now },
    lockWaitMs: 0,
    git,
    rerun: () => Promise.reject(new Error("Not in a simulated year")),
    runModule: () => Promise.reject(new Error("Not in a simulated year")),
    httpGet: () => Promise.reject(new Error("Not in a simulated year")),
    after: () => () => undefined,
    stamps: () => new Float64Array(),
    version: "0.0.0-year",
    templates: "/templates/",
    untilStopped: () => Promise.resolve(),
    stdin: async () => new Uint8Array(),
    ask: null,
  });
  const call = async (
    on: MemoryFileSystem,
    fate: Fate,
    request: { readonly folder: string; readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> },
  ) => {
    let [out, err] = ["", ""];
    const world = worldOf(request.folder, flaw(mortalFileSystem(on, fate, device)), request.env);
    const terminal = {
      out: (text: string) => (out += text),
      err: (text: string) => (err += text),
      colour: false,
      isWatched: false,
      columns: 80,
    };
    const code = await main(request.argv, { version: world.version, world: () => world }, terminal);
    return { code, out, err };
  };
  return {
    gov: async (folder, argv, { dies, env = {} } = {}) => {
      now += Math.floor(random() * hour);
      const request = { folder, argv, env };
      if (dies === undefined) return call(disk, { calls: 0, last: never, isLastDone: true }, request);
      // How many calls there are to die at, a copy of the world shows.
      const rehearsal = { calls: 0, last: never, isLastDone: true };
      const at = now;
      await call(disk.afterKill(), rehearsal, request);
      now = at;
      const fate: Fate = { calls: 0, last: 1 + Math.floor(dies * rehearsal.calls), isLastDone: random() < 0.5 };
      const answer = await call(disk, fate, request);
      // It may be over before that: what is random in it does not take the same calls twice.
      if (fate.calls < fate.last) return answer;
      deaths += 1;
      device += 1n;
      disk = random() < 0.5 ? disk.afterKill() : powerCut(disk, random);
      return null;
    },
    read: async (path) => disk.text(resolve(repository, path)),
    edit: async (path, text) => {
      const target = resolve(repository, path);
      if (text === null) {
        await disk.unlink(target);
        return;
      }
      await ensureDirectory(join(target, ".."), { fs: disk });
      await replaceFile(target, text, { fs: disk });
    },
    environment: (folder, name) => `/srv/environments/${folder}/${name}`,
    waiverEnds: () => "2026-01-25",
    commit: async () => git.commit(),
    branch: async ({ onBranch, onMain }) => {
      const base = committable(disk);
      await onBranch();
      const theirs = committable(disk);
      await checkOut(disk, { from: theirs, to: base });
      await onMain();
      git.commit();
      const ours = committable(disk);
      await checkOut(disk, { from: ours, to: mergeTrees({ base, ours, theirs }) });
      git.commit();
    },
    pass: async (days) => void (now += days * 24 * hour),
    deaths: () => deaths,
  };
}

/** What git does to the files of a working copy, durably. */
async function checkOut(fs: MemoryFileSystem, { from, to }: { readonly from: Tree; readonly to: Tree }): Promise<void> {
  for (const path of from.keys()) if (!to.has(path)) await fs.unlink(path);
  for (const [path, bytes] of to) {
    const before = from.get(path);
    if (before !== undefined && Buffer.compare(before, bytes) === 0) continue;
    await ensureDirectory(join(path, ".."), { fs });
    await replaceFile(path, bytes, { fs });
  }
}

/** One of the disks that a power cut can leave: all lost, nothing lost, or anything between. */
function powerCut(disk: MemoryFileSystem, random: Random): MemoryFileSystem {
  const images = [...disk.crashImages({ maxImages: 4, seed: Math.floor(random() * 1_000_000) })];
  return images[Math.floor(random() * images.length)] ?? disk.afterKill();
}

function committable(disk: MemoryFileSystem): Tree {
  return new Map([...disk.files()].filter(([path]) => path.startsWith(`${repository}/`) && !path.includes("/.gov/")));
}

function templateFiles(): Readonly<Record<string, Uint8Array>> {
  const files = readdirSync(templates, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [join("/templates", path.slice(templates.length)), new Uint8Array(readFileSync(path))] as const;
  });
  return { ...Object.fromEntries(named), [join(repository, ".keep")]: new Uint8Array(), "/keys/.keep": new Uint8Array() };
}
