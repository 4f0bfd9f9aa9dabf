import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { presetNames } from "@gov/schema/presets";
import { describe, expect, it } from "vitest";
import { nodeGit } from "../src/node-git.ts";
import { folder, gov, govWith, listing, write } from "./harness.ts";

const cycle = "PLN-2026-09";
const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));
const node = join(
  createRequire(import.meta.url).resolve("node/package.json", { paths: [fileURLToPath(new URL("../../../", import.meta.url))] }),
  "../bin/node",
);

describe("gov init", () => {
  it.each(presetNames)(
    "writes rules of preset %s, and drafts of a cycle, that check clean; twice changes nothing (ART-18)",
    async (preset) => {
      const root = folder();
      const made = await gov(root, "init", "--yes", "--preset", preset, "--cycle", cycle);
      expect([made.code, made.err]).toEqual([0, ""]);
      expect(readFileSync(join(root, "gov.yaml"), "utf8")).toContain(`preset: ${preset}\n`);
      const checked = await gov(root, "check", "--fail-on", "warning", "--format", "json");
      expect([checked.code, checked.json()["findings"]]).toEqual([0, []]);
      const kinds = (checked.json()["summary"] as { readonly kinds: object }).kinds;
      expect(kinds).toMatchObject({
        [preset.startsWith("fe") ? "fe_task_breakdown" : "be_backlog"]: 1,
        story_map: 1,
        dependency_contracts: 1,
      });
      const before = listing(root);
      expect((await gov(root, "init", "--yes", "--preset", preset, "--cycle", cycle)).out).toContain("0 written");
      expect(listing(root)).toEqual(before);
    },
  );

  it("asks on a terminal for what no flag says, and takes the defaults with --yes", async () => {
    const asked: string[] = [];
    const answers = ["fe", cycle, "y"];
    const ask = async (question: string) => (asked.push(question), answers.shift() ?? "");
    const root = folder();
    execFileSync("git", ["init", "-q"], { cwd: root });
    expect((await govWith({ ask }, root, "init")).code).toBe(0);
    expect(asked).toHaveLength(3);
    expect(readFileSync(join(root, "gov.yaml"), "utf8")).toContain("preset: fe\n");
    expect(existsSync(join(root, "frameworks/planning-fe/storymaps"))).toBe(true);
    const hook = join(root, ".git/hooks/pre-commit");
    expect([statSync(hook).mode & 0o111, readFileSync(hook, "utf8").includes("gov check --staged")]).toEqual([0o111, true]);
    expect((await govWith({ ask }, folder(), "init", "--yes")).code).toBe(0);
    expect(asked).toHaveLength(3);
  });

  it("belongs to the repository around it where its folder is yet to be made", async () => {
    const top = folder();
    execFileSync("git", ["init", "-q"], { cwd: top });
    execFileSync("git", ["config", "user.email", "ada@example.org"], { cwd: top });
    expect(await govWith({ git: nodeGit }, top, "init", "it's/new", "--yes", "--hook")).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(top, "it's/new/rbac_policy.yaml"), "utf8")).toContain('"ada@example.org": [maintainer]');
    expect(readFileSync(join(top, ".git/hooks/pre-commit"), "utf8")).toContain("gov check 'it'\\''s/new' --staged");
  });

  it("writes a hook that checks a root below the top, in a linked worktree as well", async () => {
    const top = folder();
    execFileSync("git", ["init", "-q"], { cwd: top });
    expect((await gov(top, "init", "governance", "--yes", "--hook")).code).toBe(0);
    const tools = folder({ npx: `#!/bin/sh\necho "$*" >>"$0.calls"\nshift 2\nexec "${node}" --conditions=@gov/source "${bin}" "$@"\n` });
    chmodSync(join(tools, "npx"), 0o755);
    const env = { ...process.env, PATH: `${tools}:${process.env["PATH"] ?? ""}` };
    const git = (cwd: string, ...args: readonly string[]) =>
      spawnSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], { cwd, env, encoding: "utf8" });
    git(top, "add", "-A");
    expect(git(top, "commit", "-qm", "One")).toMatchObject({ status: 0 });
    const linked = join(folder(), "linked");
    git(top, "worktree", "add", "-q", linked);
    const calls = () => readFileSync(join(tools, "npx.calls"), "utf8").trimEnd().split("\n");
    // Starting npx takes longer than the check.
    expect(calls()).toEqual(["--no-install gov check governance --staged --quiet"]);
    for (const tree of [top, linked]) {
      write(tree, "governance/rulebook.yaml", "id: [\n");
      git(tree, "add", "-A");
      const { status, stderr } = git(tree, "commit", "-qm", "Two");
      expect([status === 0, stderr]).toEqual([false, expect.stringContaining("rulebook.yaml") as string]);
    }
  });

  it("writes a hook that says what to install where gov is not, and lets no commit pass unseen", async () => {
    const top = folder();
    execFileSync("git", ["init", "-q"], { cwd: top });
    expect((await gov(top, "init", "--yes", "--hook")).code).toBe(0);
    // What npx does where it finds nothing: it asks a registry, and tells of that at length.
    const tools = folder({ npx: "#!/bin/sh\necho 'npm error code E404' >&2\nexit 1\n" });
    chmodSync(join(tools, "npx"), 0o755);
    const env = { ...process.env, PATH: `${tools}:${process.env["PATH"] ?? ""}` };
    execFileSync("git", ["add", "-A"], { cwd: top, env });
    const commit = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "One"];
    const { status, stderr } = spawnSync("git", commit, { cwd: top, env, encoding: "utf8" });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^gov: .* @gov\/cli is not installed here\n.*npm install --save-dev @gov\/cli/),
    ]);
    expect(stderr).not.toContain("npm error");
    // What gov itself says is shown as it is, with its exit code; and where it is installed beside the documents, npx is not asked.
    write(tools, "npx", "#!/bin/sh\necho 'gov: no good' >&2\nexit 3\n");
    expect(spawnSync("sh", [".git/hooks/pre-commit"], { cwd: top, env, encoding: "utf8" })).toMatchObject({
      status: 3,
      stderr: "gov: no good\n",
    });
    write(top, "node_modules/.bin/gov", '#!/bin/sh\necho "$*"\n');
    chmodSync(join(top, "node_modules/.bin/gov"), 0o755);
    expect(spawnSync("sh", [".git/hooks/pre-commit"], { cwd: top, env, encoding: "utf8" })).toMatchObject({
      status: 0,
      stdout: "check --staged --quiet\n",
    });
  });

  it("makes whoever sets it up the first maintainer, and refuses a hook without a repository and a cycle that is none", async () => {
    const root = folder();
    await gov(root, "init", "--yes");
    expect(readFileSync(join(root, "rbac_policy.yaml"), "utf8")).toContain('"test@example.org": [maintainer]');
    const hook = await gov(folder(), "init", "--hook");
    expect([hook.code, hook.err.includes("CLI_NO_REPOSITORY")]).toEqual([3, true]);
    expect((await gov(folder(), "init", "--cycle", "../x")).code).toBe(2);
  });
});
