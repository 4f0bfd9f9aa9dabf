import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { bundleProgram } from "./bundle-program.ts";
import type { Answer, Team } from "./team.ts";

/** Real time cannot be told to pass: a waiver is granted for as long as it takes to be granted, whoever dies meanwhile. */
const waiverMs = 15_000;

/** A team on a real disk, with real git. */
interface RealTeam extends Team {
  readonly keys: string;
  /** Whether the second machine was another network namespace, as far as the system allows any. */
  readonly hasNamespaces: boolean;
  readonly remove: () => void;
}

/** A team whose calls are processes: they die by SIGKILL, the two machines are two network namespaces where the system allows them, and the disk is real. */
export async function realTeam(): Promise<RealTeam> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "gov-year-")));
  const repository = join(scratch, "repository");
  const keys = join(scratch, "keys");
  mkdirSync(repository);
  mkdirSync(keys);
  const bin = await bundleProgram(join(scratch, "gov"));
  const hasNamespaces = spawnSync("unshare", ["-n", "true"]).status === 0;
  const env = { ...process.env, NODE_COMPILE_CACHE: join(scratch, "cache"), NO_COLOR: "1", NODE_NO_WARNINGS: "1" };
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: repository, env: { ...env, ...gitEnv }, stdio: "pipe" });
  git("init", "-q", "-b", "main");
  git("config", "user.email", "author@example.org");
  const commit = (message: string): void => {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", message);
  };
  let deaths = 0;
  let waiversEnd = 0;
  // How long a call takes tells where in it to kill; the first guess is soon put right.
  let usualMs = 300;
  const call = (
    folder: string,
    argv: readonly string[],
    options: { readonly env: Readonly<Record<string, string>>; readonly elsewhere: boolean; readonly killAfterMs: number | null },
  ): Promise<Answer> => {
    const cwd = join(repository, folder);
    mkdirSync(cwd, { recursive: true });
    const [program, ...words] = [
      ...(options.elsewhere && hasNamespaces ? ["unshare", "-n", "--"] : []),
      process.execPath,
      bin,
      ...argv,
    ] as [string, ...string[]];
    const child = spawn(program, words, { cwd, env: { ...env, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on("data", (chunk: Buffer) => (err += String(chunk)));
    const started = performance.now();
    const timer = options.killAfterMs === null ? null : setTimeout(() => child.kill("SIGKILL"), options.killAfterMs);
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code, signal) => {
        if (timer !== null) clearTimeout(timer);
        if (signal === "SIGKILL") {
          deaths += 1;
          return void done(null);
        }
        usualMs = usualMs * 0.8 + (performance.now() - started) * 0.2;
        done({ code: code ?? -1, out, err });
      });
    });
  };
  return {
    keys,
    hasNamespaces,
    gov: (folder, argv, { dies, env: more = {}, elsewhere = false } = {}) =>
      // Most of a call is its start, which nothing can go wrong in: the later part is where to kill.
      call(folder, argv, { env: more, elsewhere, killAfterMs: dies === undefined ? null : usualMs * (0.4 + 0.6 * dies) }),
    read: async (path) => {
      try {
        return readFileSync(resolve(repository, path), "utf8");
      } catch {
        return null;
      }
    },
    edit: async (path, text) => {
      const target = resolve(repository, path);
      if (text === null) return rmSync(target);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    },
    environment: (folder, name) => join(scratch, "environments", folder, name),
    waiverEnds: () => {
      waiversEnd = Date.now() + waiverMs;
      return new Date(waiversEnd).toISOString();
    },
    commit: async (message) => commit(message),
    branch: async ({ onBranch, onMain }) => {
      commit("What both begin with");
      git("switch", "-q", "-c", "side");
      await onBranch();
      commit("Work on a branch");
      git("switch", "-q", "main");
      await onMain();
      commit("Work on the main line");
      git("merge", "-q", "--no-edit", "-X", "ours", "side");
      git("branch", "-q", "-d", "side");
    },
    pass: async () => {
      const leftMs = waiversEnd - Date.now();
      if (leftMs > 0) await new Promise((done) => setTimeout(done, leftMs));
    },
    deaths: () => deaths,
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

const gitEnv = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Author",
  GIT_AUTHOR_EMAIL: "author@example.org",
  GIT_COMMITTER_NAME: "Author",
  GIT_COMMITTER_EMAIL: "author@example.org",
};
