import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AuditCheckpoint,
  type AuditEntry,
  chainTo,
  checkpointAt,
  foldEntries,
  joinAuditLog,
  openAuditLog,
  orderEntries,
  proveConsistency,
  readAuditLog,
  verifyAuditLog,
  verifyConsistency,
} from "@gov/telemetry/audit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { input } from "./telemetry-fakes.ts";

let root = "";
const clone = (name: string): string => join(root, name);
const logOf = (name: string): string => join(clone(name), "index.jsonl");

function git(name: string, ...words: readonly string[]): string {
  const options = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...options, ...words], { cwd: clone(name), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

async function record(name: string, kind: string, more: Parameters<typeof input>[1] = {}): Promise<AuditCheckpoint> {
  const log = await openAuditLog(logOf(name));
  await log.append([input(kind, more)], { expectedSeq: log.head()?.seq ?? 0 });
  const head = log.head();
  await log.close();
  git(name, "commit", "-qam", kind);
  return head ?? { seq: 0, hash: "sha256:" };
}

/** A state machine in small: each entry moves from the state it names, or is refused. */
function stateOf(name: string): { readonly state: string; readonly refused: number } {
  const { entries } = readAuditLog(readFileSync(logOf(name)));
  const { state, findings } = foldEntries(entries, {
    initial: "PLANNED",
    step: (state: string, { kind, payload }) => {
      if (kind !== "MOVE") return { ok: true, value: state, findings: [] };
      const [from, to] = payload as readonly string[];
      const reason = { code: "X", severity: "error", message: `the state is "${state}"`, path: null, line: null, column: null } as const;
      return from === state ? { ok: true, value: to ?? "", findings: [] } : { ok: false, findings: [reason] };
    },
  });
  expect(findings.every(({ code }) => code === "TELEMETRY_AUDIT_ENTRY_INVALID")).toBe(true);
  return { state, refused: findings.length };
}

describe("a log in version control", () => {
  let ours: AuditCheckpoint;
  let theirs: AuditCheckpoint;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "gov-branches-"));
    execFileSync("git", ["init", "-q", "-b", "main", clone("a")]);
    writeFileSync(join(clone("a"), ".gitattributes"), "index.jsonl merge=union -text\n");
    writeFileSync(join(clone("a"), ".gitignore"), "*.lock*\n");
    writeFileSync(logOf("a"), "");
    git("a", "add", ".");
    git("a", "commit", "-qm", "begin");
    await record("a", "CREATED");
    execFileSync("git", ["clone", "-q", clone("a"), clone("b")]);
    ours = await record("a", "MOVE", { payload: ["PLANNED", "READY"], time: "2024-01-15T10:00:02.000Z" });
    await record("b", "NOTE", { time: "2024-01-15T10:00:00.500Z" });
    theirs = await record("b", "MOVE", { payload: ["PLANNED", "DROPPED"], time: "2024-01-15T10:00:01.000Z" });
    git("a", "branch", "side");
    git("a", "pull", "-q", "--no-rebase", "--no-edit", clone("b"), "main");
    git("b", "pull", "-q", "--no-rebase", "--no-edit", clone("a"), "side");
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("has two ends after a merge, which is not ok, and nothing is appended to it", async () => {
    const report = verifyAuditLog(readFileSync(logOf("a")));
    expect(report.findings.map(({ code }) => code)).toEqual(["TELEMETRY_AUDIT_FORK_UNJOINED"]);
    expect(report).toMatchObject({ ok: false, entries: 4, head: null, heads: [ours, theirs] });
    await expect(openAuditLog(logOf("a"))).rejects.toMatchObject({ code: "TELEMETRY_AUDIT_CORRUPT" });
  });

  it("holds once joined, and still meets the checkpoints of both branches (TEL-06)", async () => {
    const entry = await joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:03.000Z", actor: "ann" });
    expect(entry).toMatchObject({ kind: "JOIN", seq: ours.seq + 1, prev: ours.hash, joins: [theirs.hash], subject: "index.jsonl" });
    git("a", "commit", "-qam", "join");
    const bytes = readFileSync(logOf("a"));
    for (const checkpoint of [ours, theirs]) expect(verifyAuditLog(bytes, { checkpoint })).toMatchObject({ ok: true, entries: 5 });
    expect(await joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:04.000Z", actor: "ann" })).toBeNull();
    const { entries } = readAuditLog(bytes);
    const joined = checkpointAt(entries, entry?.hash ?? "sha256:");
    const before = checkpointAt(entries, ours.hash);
    const leaves = chainTo(entries, joined.hash).map(({ hash }) => hash);
    expect(verifyConsistency(proveConsistency(leaves, before.seq), { fromRoot: before.root, toRoot: joined.root })).toBe(true);
    expect(() => chainTo(entries, "sha256:")).toThrow(RangeError);
  });

  it("finds an edited, a removed and a moved line of either branch", () => {
    const lines = readFileSync(logOf("a"), "utf8").split("\n").slice(0, -1);
    const verify = (changed: readonly string[]): boolean => verifyAuditLog(Buffer.from(`${changed.join("\n")}\n`)).ok;
    expect(verify(lines)).toBe(true);
    for (const index of lines.keys()) {
      expect(
        verify(lines.with(index, (lines[index] ?? "").replace('"n":1', '"n":2').replace("PLANNED", "PLANNEX").replace("JOIN", "JOIM"))),
      ).toBe(false);
      if (index < lines.length - 1) expect(verify(lines.toSpliced(index, 1))).toBe(false);
    }
    expect(verify(lines.toSpliced(2, 2, lines[3] ?? "", lines[2] ?? ""))).toBe(false);
  });

  it("gives the same order and state wherever the merge was made, and refuses the later of two transitions from one state (TEL-07)", async () => {
    await joinAuditLog(logOf("b"), { time: "2024-01-15T10:00:03.000Z", actor: "ann" });
    const order = (name: string): readonly string[] =>
      orderEntries(readAuditLog(readFileSync(logOf(name))).entries)
        .filter(({ kind }) => kind !== "JOIN")
        .map(({ hash }) => hash);
    expect(order("b")).toEqual(order("a"));
    expect(stateOf("a")).toEqual({ state: "DROPPED", refused: 1 });
    expect(stateOf("b")).toEqual(stateOf("a"));
  });

  it("joins two joins of the same merge", async () => {
    git("b", "commit", "-qam", "join");
    git("a", "pull", "-q", "--no-rebase", "--no-edit", clone("b"), "main");
    expect(verifyAuditLog(readFileSync(logOf("a"))).ok).toBe(false);
    const entry = await joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:05.000Z", actor: "ann" });
    expect(entry?.joins).toHaveLength(1);
    expect(verifyAuditLog(readFileSync(logOf("a")), { checkpoint: theirs }).ok).toBe(true);
    expect(stateOf("a")).toEqual(stateOf("b"));
  });

  it("drops lines that a merge both ways repeated, and no repeat in a log without branches", async () => {
    const text = readFileSync(logOf("a"), "utf8");
    writeFileSync(logOf("a"), `${text}${text}`);
    expect(await joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:05.000Z", actor: "ann" })).toBeNull();
    expect(readFileSync(logOf("a"), "utf8")).toBe(text);
    const lines = text.split("\n").slice(0, -1);
    writeFileSync(logOf("a"), `${lines.toReversed().join("\n")}\n`);
    expect(await joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:05.000Z", actor: "ann" })).toBeNull();
    expect(verifyAuditLog(readFileSync(logOf("a"))).ok).toBe(true);
    writeFileSync(logOf("a"), text);
    expect(await joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:05.000Z", actor: "ann" })).toBeNull();
    expect(readFileSync(logOf("a"), "utf8")).toBe(text);
    const [line = ""] = text.split("\n");
    writeFileSync(logOf("b"), `${line}\n${line}\n`);
    await expect(joinAuditLog(logOf("b"), { time: "2024-01-15T10:00:05.000Z", actor: "ann" })).rejects.toMatchObject({
      code: "TELEMETRY_AUDIT_CORRUPT",
    });
  });

  it("does not join a log that does not hold", async () => {
    const text = readFileSync(logOf("a"), "utf8");
    writeFileSync(logOf("a"), text.replace('"actor":"ann"', '"actor":"bob"'));
    await expect(joinAuditLog(logOf("a"), { time: "2024-01-15T10:00:05.000Z", actor: "ann" })).rejects.toMatchObject({
      code: "TELEMETRY_AUDIT_CORRUPT",
    });
  });
});

describe("orderEntries()", () => {
  it("puts every entry after what it names, whatever the clocks and the order of the lines", async () => {
    const { createMemoryFileSystem } = await import("@gov/atomic-io/testing");
    const fs = createMemoryFileSystem();
    const log = await openAuditLog("/l", { fs, lock: () => Promise.resolve({ release: () => Promise.resolve() }) });
    // The clock steps back with every entry.
    for (let n = 0; n < 9; n++)
      await log.append([input(`E${String(n)}`, { lamport: { node: "n", counter: 100 - n } })], { expectedSeq: n });
    const { entries } = readAuditLog(fs.files().get("/l") ?? new Uint8Array());
    expect(orderEntries(entries.toReversed()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(orderEntries([...entries, ...entries]).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const [first] = entries;
    const loop = { ...first, prev: first?.hash } as AuditEntry;
    expect(() => chainTo([loop], loop.hash)).toThrow(RangeError);
  });
});
