import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InclusionProof, LogCheckpoint } from "@gov/telemetry/audit";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { findingsOf, folder, gov, write } from "./harness.ts";

const archives = "memory-bank/decisions/archive";
const archive = (first: number, last: number): string =>
  `${archives}/index-${String(first).padStart(10, "0")}-${String(last).padStart(10, "0")}.jsonl`;

/** A root with a log of four entries, a checkpoint kept outside after each, and its log as it was. */
async function recorded(): Promise<{ readonly root: string; readonly log: string; readonly kept: readonly string[] }> {
  const [root, outside] = [governed(), folder()];
  const kept: string[] = [];
  const keep = async (...argv: readonly string[]): Promise<void> => {
    const run = await gov(root, ...argv, "--actor", "ann");
    expect([argv, run.code, run.err]).toEqual([argv, 0, ""]);
    write(outside, `${kept.length}.json`, (await gov(root, "audit", "checkpoint", "--format", "json")).out);
    kept.push(join(outside, `${kept.length}.json`));
  };
  await keep("cycle", cycle, "create_plan");
  await keep("approve", places.storyMap);
  await keep("promotion", "freeze", "audit", "--reason", "Audit", "--until", "2030-01-01T00:00:00Z");
  await keep("promotion", "unfreeze", "audit");
  return { root, kept, log: readFileSync(join(root, places.log), "utf8") };
}

const text = (root: string, path: string): string => readFileSync(join(root, path), "utf8");
const moved = (root: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  gov(root, "audit", "archive", "--through", "2", "--actor", "ann");

describe("gov audit archive", () => {
  it("moves the first entries out of the log, and everything goes on with archives and log as one, every checkpoint valid (TEL-06, TEL-07)", async () => {
    const { root, log, kept } = await recorded();
    const before = await gov(root, "audit", "query", "--format", "json");
    const dry = await gov(root, "audit", "archive", "--through", "2", "--actor", "ann", "--dry-run");
    expect([dry.code, dry.out, existsSync(join(root, archives))]).toEqual([0, `Would move 2 entries to ${archive(1, 2)}\n`, false]);
    expect((await gov(root, "audit", "archive", "--through", "2", "--actor", "mallory")).code).toBe(6);
    const run = await moved(root);
    expect([run.code, run.err]).toEqual([0, ""]);
    expect(readdirSync(join(root, archives))).toEqual([archive(1, 2).slice(archives.length + 1)]);
    // A denial is an entry of the log, too.
    expect(text(root, archive(1, 2)) + text(root, places.log).split("\n").slice(0, 2).join("\n")).toBe(log.trimEnd());

    const files = [archive(1, 2), places.log].map((path) => text(root, path));
    expect((await moved(root)).out).toContain("Entry 2 and all before it are in an archive already");
    expect([archive(1, 2), places.log].map((path) => text(root, path))).toEqual(files);

    for (const checkpoint of kept) expect((await gov(root, "audit", "verify", "--checkpoint", checkpoint)).code).toBe(0);
    const after = await gov(root, "audit", "query", "--format", "json");
    expect((after.json()["entries"] as readonly object[]).slice(0, 4)).toEqual(before.json()["entries"]);
    expect((await gov(root, "cycle", cycle, "--format", "json")).json()).toMatchObject({ cycles: [{ state: "PLANNED" }] });
    expect((await gov(root, "promotion", "status")).out).toContain("Promotions are open");
    const proven = (await gov(root, "audit", "prove", "1", "--format", "json")).json() as {
      checkpoint: LogCheckpoint;
      proof: InclusionProof;
    };
    expect([proven.proof.index, proven.proof.size]).toEqual([0, proven.checkpoint.seq]);
    expect((await gov(root, "audit", "prove", "--since", kept[0] ?? "")).code).toBe(0);
    expect((await gov(root, "status")).code).toBe(0);
    expect((await gov(root, "report", "--html")).out).toContain("PLAN_CREATED");
    // What is due here has findings of its own; the log has none.
    expect((await gov(root, "run-due", "--actor", "ann")).code).toBe(1);
    const next = await gov(root, "cycle", cycle, "validate_complete", "--actor", "ann");
    expect([next.code, next.err]).toEqual([0, ""]);
    expect((await gov(root, "audit", "archive", "--through", "5", "--actor", "ann")).out).toContain(archive(3, 5));
    expect((await gov(root, "audit", "verify", "--checkpoint", kept[3] ?? "")).code).toBe(0);
    // A copy of the folder is verified with its archives, too.
    expect((await gov(root, "audit", "verify", places.log)).out).toContain("each chained to the one before");
  });

  it("is finished by running it again after a crash between the two files, which stops nobody meanwhile (TEL-07, AIO-01)", async () => {
    const { root, log, kept } = await recorded();
    await moved(root);
    const rest = text(root, places.log);
    writeFileSync(join(root, places.log), log);
    for (const checkpoint of kept) expect((await gov(root, "audit", "verify", "--checkpoint", checkpoint)).out).toContain("4 entries");
    const appended = await gov(
      root,
      "promotion",
      "freeze",
      "more",
      "--reason",
      "More",
      "--until",
      "2030-01-01T00:00:00Z",
      "--actor",
      "ann",
    );
    expect([appended.code, appended.err]).toEqual([0, ""]);
    const added = text(root, places.log).slice(log.length);
    expect((await moved(root)).code).toBe(0);
    expect(text(root, places.log)).toBe(rest + added);
    expect((await gov(root, "audit", "verify")).out).toContain("5 entries");
  });

  it("names an archive that is missing or was altered, and decides nothing then (TEL-06)", async () => {
    const { root } = await recorded();
    await moved(root);
    const [kept, log] = [text(root, archive(1, 2)), text(root, places.log)];
    const refused = async (code: string, path: string): Promise<void> => {
      const verified = await gov(root, "audit", "verify", "--format", "json");
      expect([verified.code, findingsOf(verified)[0]?.code, findingsOf(verified)[0]?.path]).toEqual([5, code, path]);
      const more: readonly (readonly string[])[] = [
        ["audit", "query"],
        ["cycle", cycle, "validate_complete"],
        ["audit", "archive", "--through", "3"],
      ];
      for (const argv of more) {
        const run = await gov(root, ...argv, ...(argv[1] === "query" ? [] : ["--actor", "ann"]));
        expect([argv, run.code, run.err + run.out]).toEqual([argv, 5, expect.stringContaining(code)]);
      }
      expect(text(root, places.log)).toBe(log);
    };
    rmSync(join(root, archive(1, 2)));
    await refused("TELEMETRY_ARCHIVE_MISSING", places.log);
    expect((await gov(root, "status")).err).toContain(`bring the files of ${archives} back`);
    write(root, archive(1, 2), kept.replace("PLAN_CREATED", "PLAN_REMOVED"));
    await refused("TELEMETRY_AUDIT_ENTRY_ALTERED", archive(1, 2));
    write(root, archive(1, 2), kept);
    expect((await gov(root, "audit", "verify")).code).toBe(0);
    // And a log without its last entries, which nothing but an archive shows.
    rmSync(join(root, places.log));
    expect(findingsOf(await gov(root, "audit", "verify", "--format", "json"))).toMatchObject([
      { code: "TELEMETRY_AUDIT_TRUNCATED", path: places.log },
    ]);
  });

  it("refuses what is no entry, the last one, and a root without a log", async () => {
    const root = governed();
    const through = async (...argv: readonly string[]) => (await gov(root, "audit", "archive", ...argv, "--actor", "ann")).code;
    expect(await through("--through", "1")).toBe(3);
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    expect(await through()).toBe(2);
    expect(await through("--through", "all")).toBe(2);
    for (const seq of ["1", "9"]) for (const dry of [["--dry-run"], []]) expect(await through("--through", seq, ...dry)).toBe(3);
    expect(existsSync(join(root, archives))).toBe(false);
  });

  it("is joined with a branch from before, as git merges it by what gov init writes (TEL-07)", async () => {
    const root = governed();
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    const git = (...words: readonly string[]) => execFileSync("git", [...identity, ...words], { cwd: root, env, stdio: "pipe" });
    const approve = async (purpose: string): Promise<void> => {
      expect((await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", purpose)).code).toBe(0);
    };
    const commit = (message: string) => [git("add", "-A"), git("commit", "-qm", message)];
    git("init", "-q", "-b", "main");
    await gov(root, "init", "--yes");
    for (const purpose of ["one", "two", "three"]) await approve(purpose);
    commit("Begin");
    git("switch", "-qc", "side");
    await approve("side");
    commit("Work on the side");
    git("switch", "-q", "main");
    await approve("main");
    expect((await gov(root, "audit", "archive", "--through", "3", "--actor", "ann")).code).toBe(0);
    expect((await gov(root, "doctor")).out).toContain("the log merges by union");
    commit("Archive");
    git("merge", "-q", "--no-edit", "side");
    expect((await gov(root, "audit", "verify")).code).toBe(5);
    expect((await gov(root, "audit", "join", "--actor", "ann", "--dry-run")).out).toContain("Would join 2 ends");
    expect((await gov(root, "audit", "join", "--actor", "ann")).out).toContain("Joined 2 ends");
    expect((await gov(root, "audit", "verify")).out).toContain("6 entries");
    expect(text(root, places.log).trimEnd().split("\n")).toHaveLength(3);
    // Without a line for archives, a merge of two of them would be a conflict.
    write(root, ".gitattributes", `${places.log} merge=union -text\n`);
    expect((await gov(root, "doctor")).out).toContain("conflict in its archives");
  });
});
