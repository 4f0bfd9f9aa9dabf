import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cycle, governed, places } from "./governed.ts";
import { findingsOf, folder, gov, write } from "./harness.ts";

const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
const git = (root: string, ...words: readonly string[]) => execFileSync("git", [...identity, ...words], { cwd: root, env, stdio: "pipe" });

/** A root of which two branches have both moved the cycle on, and written a document each, merged as git merges it. */
async function merged(): Promise<string> {
  const root = governed();
  await gov(root, "init", "--yes");
  await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
  await gov(root, "index");
  const record = (message: string) => [git(root, "add", "-A"), git(root, "commit", "-qm", message)];
  record("Begin");
  git(root, "switch", "-qc", "side");
  for (const [branch, who] of [
    ["side", "ann"],
    ["main", "test@example.org"],
  ] as const) {
    if (branch === "main") git(root, "switch", "-q", "main");
    write(root, `frameworks/planning-be/notes/${branch}.md`, `---\nid: ${branch}\nversion: 1.0.0\nstatus: draft\nkind: artifact\n---\n`);
    expect((await gov(root, "cycle", cycle, "validate_complete", "--actor", who)).code).toBe(0);
    expect((await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", branch)).code).toBe(0);
    expect((await gov(root, "index")).code).toBe(0);
    record(`Work on ${branch}`);
  }
  git(root, "merge", "-q", "--no-edit", "-X", "ours", "side");
  return root;
}

describe("gov audit join", () => {
  it("makes a log whole again that two branches have written to; both keep their entries, and of two transitions from one state one counts (TEL-06, TEL-07)", async () => {
    const root = await merged();
    const before = readFileSync(join(root, places.log), "utf8");
    const refused = await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", "after");
    expect([refused.code, refused.err]).toEqual([5, expect.stringContaining("gov audit join joins it")]);
    expect((await gov(root, "audit", "verify")).out).toContain("TELEMETRY_AUDIT_FORK_UNJOINED");
    expect((await gov(root, "audit", "join", "--actor", "mallory")).code).toBe(6);
    expect((await gov(root, "audit", "join", "--dry-run")).out).toContain("Would join 2 ends");
    expect(readFileSync(join(root, places.log), "utf8")).toBe(before);

    expect((await gov(root, "audit", "join")).out).toContain("Joined 2 ends in entry");
    const joined = readFileSync(join(root, places.log), "utf8");
    expect(joined.startsWith(before)).toBe(true);
    expect((await gov(root, "audit", "join")).out).toContain("Nothing to join");
    expect(readFileSync(join(root, places.log), "utf8")).toBe(joined);
    expect((await gov(root, "audit", "verify")).code).toBe(0);
    for (const branch of ["side", "main"]) expect(joined).toContain(`"purpose":"${branch}"`);

    const shown = await gov(root, "cycle", cycle, "--format", "json");
    expect(shown.json()).toMatchObject({ cycles: [{ state: "READY_FOR_HANDOFF" }] });
    expect(findingsOf(shown).map(({ code }) => code)).toEqual(["GATES_ENTRY_INVALID"]);
    // The documents of both branches are there, and the index is made again from them.
    expect((await gov(root, "index", "--check")).code).toBe(1);
    expect((await gov(root, "index")).code).toBe(0);
    expect((await gov(root, "index", "--check")).code).toBe(0);
    expect((await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", "after")).code).toBe(0);
  });
});

describe("gov audit repair", () => {
  it("sets aside the tail of a log whose branches nobody has joined, which can then be joined (TEL-06)", async () => {
    const root = await merged();
    const path = join(root, places.log);
    const before = readFileSync(path, "utf8");
    appendFileSync(path, '{"actor":"an');
    const refused = await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", "after");
    expect([refused.code, refused.err]).toEqual([5, expect.stringContaining("gov audit repair")]);
    expect((await gov(root, "audit", "repair")).out).toContain("Set aside the tail");
    expect(readFileSync(path, "utf8")).toBe(before);
    expect((await gov(root, "audit", "join")).out).toContain("Joined 2 ends in entry");
    expect((await gov(root, "audit", "verify")).code).toBe(0);
  });

  it("sets a tail aside that a crash has left, keeps its bytes, and touches nothing that holds or that somebody has altered (TEL-06)", async () => {
    const root = governed();
    for (const purpose of ["a", "b"]) await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", purpose);
    const path = join(root, places.log);
    const whole = readFileSync(path, "utf8");
    const kept = join(folder(), "checkpoint.json");
    writeFileSync(kept, (await gov(root, "audit", "checkpoint", "--format", "json")).out);
    appendFileSync(path, '{"actor":"an');
    const refused = await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", "c");
    expect([refused.code, refused.err]).toEqual([5, expect.stringContaining("gov audit repair")]);
    expect((await gov(root, "audit", "repair", "--actor", "mallory")).code).toBe(6);
    expect((await gov(root, "audit", "repair", "--dry-run")).out).toContain("Would set aside");
    expect(readFileSync(path, "utf8")).toBe(`${whole}{"actor":"an`);
    expect((await gov(root, "audit", "repair")).out).toContain("Set aside the tail");
    expect(readFileSync(path, "utf8")).toBe(whole);
    const [torn = ""] = readdirSync(join(path, "..")).filter((name) => name.includes(".torn-"));
    expect(readFileSync(join(path, "..", torn), "utf8")).toBe('{"actor":"an');
    expect((await gov(root, "approve", "rulebook", "--actor", "ann", "--purpose", "c")).code).toBe(0);
    // An entry in the middle, and one that a checkpoint covers, are nobody's crash.
    for (const altered of [whole.replace('"purpose":"a"', '"purpose":"z"'), whole.slice(0, -9)]) {
      writeFileSync(path, altered);
      const run = await gov(root, "audit", "repair", "--checkpoint", kept);
      expect([run.code, run.out.includes("nothing was changed"), readFileSync(path, "utf8")]).toEqual([5, true, altered]);
    }
  });
});
