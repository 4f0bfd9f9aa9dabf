import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(import.meta.dirname, "../../..");

/** A scratch copy of a governed root, with a repository of its own, where a demonstration may break things. */
export interface Scratch {
  /** The governed root. */
  readonly root: string;
  /** A folder beside it, for the private key. */
  readonly keys: string;
  /** Runs `gov` in the root and returns what it printed and its exit code. */
  readonly gov: (...args: readonly string[]) => { readonly code: number; readonly output: string };
  readonly commit: (message: string) => void;
  /** Replaces the first occurrence of a text in a file. */
  readonly edit: (path: string, from: string, to: string) => void;
  readonly append: (path: string, text: string) => void;
  /** Copies a file with one text replaced. */
  readonly copy: (path: string, to: string, replace: readonly (readonly [string, string])[]) => void;
  /** Flips the lowest bit of the byte in the middle of a file. */
  readonly flip: (path: string) => void;
  readonly remove: () => void;
}

/** Copies the project's own governed root to a scratch place and commits it there; `bin` is the script of the `gov` to run. */
export function openScratch(bin = join(repository, "apps/gov/dist/bin.js")): Scratch {
  const directory = mkdtempSync(join(tmpdir(), "gov-quickstart-"));
  const root = join(directory, "governance");
  const keys = join(directory, "keys");
  // The project's own seal and log stay behind: the demonstration makes its own.
  const leftBehind = ["manifests", "digests", "memory-bank", ".gov", "artifacts_index.json", "trust_policy.yaml"];
  cpSync(join(repository, "governance"), root, {
    recursive: true,
    filter: (path) => !leftBehind.some((name) => path.endsWith(`/${name}`)),
  });
  const git = (...args: readonly string[]) => {
    const identity = [
      "-c",
      "user.name=Quickstart",
      "-c",
      "user.email=quickstart@example.org",
      "-c",
      "init.defaultBranch=main",
      "-c",
      "commit.gpgsign=false",
    ];
    execFileSync("git", [...identity, ...args], { cwd: root, stdio: "pipe" });
  };
  git("init", "-q");
  // As whom the demonstration acts, and what its policy lets that person do.
  git("config", "user.email", "quickstart@example.org");
  const policy = join(root, "rbac_policy.yaml");
  writeFileSync(
    policy,
    readFileSync(policy, "utf8").replace("maintainers: [maintainer]", '"quickstart@example.org": [maintainer]').replace('"cycle:*"', '"*"'),
  );
  const commit = (message: string) => {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", message);
  };
  commit("Governed documents");
  const at = (path: string) => join(root, path);
  const read = (path: string) => readFileSync(at(path), "utf8");
  const replace = (text: string, from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`Cannot edit: "${from}" is not there`);
    return text.replace(from, to);
  };
  return {
    root,
    keys,
    commit,
    gov: (...args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd: root, encoding: "utf8" });
      return { code: status ?? -1, output: stdout + stderr };
    },
    edit: (path, from, to) => writeFileSync(at(path), replace(read(path), from, to)),
    append: (path, text) => appendFileSync(at(path), text),
    copy: (path, to, replacements) =>
      writeFileSync(
        at(to),
        replacements.reduce((text, [from, into]) => replace(text, from, into), read(path)),
      ),
    flip: (path) => {
      const bytes = readFileSync(at(path));
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      writeFileSync(at(path), bytes);
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
