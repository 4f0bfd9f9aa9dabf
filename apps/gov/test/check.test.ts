import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { governed } from "./governed.ts";
import { nodeWorld } from "../src/node-world.ts";
import { findingsOf, folder, gov, govWith, listing, type Run, write } from "./harness.ts";

const plan = (id: string, more = "") => `---\nid: ${id}\nversion: 1.0.0\nstatus: approved\n${more}---\n\n# Plan\n`;

describe("gov check", () => {
  it("reports code, severity, message, path, line and column of every finding, as JSON (SCH-11)", async () => {
    const root = folder({
      "gov.yaml": "version: 1\n",
      "docs/a.md": plan("a"),
      "docs/b.md": "---\nid: b\nversion: 1.0.0\nstatus: aproved\n---\n",
      "docs/c.yaml": "",
    });
    const run = await gov(root, "check", "--format", "json");
    expect(run.code).toBe(1);
    expect(run.err).toBe("");
    expect(run.json()).toMatchObject({ ok: false, summary: { files: 3, artifacts: 2, errors: 2, warnings: 0, notes: 0 } });
    const findings = findingsOf(run);
    for (const finding of findings) {
      expect(Object.keys(finding).slice(0, 6)).toEqual(["code", "severity", "message", "path", "line", "column"]);
      expect(["error", "warning", "note"]).toContain(finding.severity);
    }
    expect(findings.map(({ path, line, column, severity }) => [path, line, column, severity])).toEqual([
      ["docs/b.md", 4, 9, "error"],
      ["docs/c.yaml", expect.toSatisfy((line: unknown) => line === null || line === 1), expect.anything(), "error"],
    ]);
  });

  it("gives null for the place of a finding that has none", async () => {
    const root = folder({ "gov.yaml": "version: 1\nlimits: { max_bytes: 10 }\n", "a.md": plan("a") });
    expect(findingsOf(await gov(root, "check", "--format", "json"))).toMatchObject([
      { code: "INDEX_FILE_TOO_LARGE", severity: "error", path: "a.md", line: null, column: null },
    ]);
  });

  it("reads many documents at once and none for another: every one that cannot be read is named, every other is an artifact (SCH-11)", async () => {
    const isLarge = (at: number) => at % 7 === 3;
    const large = `\n${"x".repeat(300)}\n`;
    const files = Array.from({ length: 100 }, (_, at): [string, string] => [`docs/${at}.md`, plan(`p${at}`) + (isLarge(at) ? large : "")]);
    const root = folder({ "gov.yaml": "version: 1\nlimits: { max_bytes: 200 }\n", ...Object.fromEntries(files) });
    const run = await gov(root, "check", "--format", "json");
    const expected = [...files.keys()].filter(isLarge).map((at) => `docs/${at}.md`);
    expect(findingsOf(run).map(({ code, path }) => [code, path])).toEqual(expected.sort().map((path) => ["INDEX_FILE_TOO_LARGE", path]));
    expect(run.json()).toMatchObject({ summary: { artifacts: 100 - expected.length } });
  });

  it("exits 0 without error findings, 1 with one; a warning fails only with --fail-on warning", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": plan("a") });
    expect((await gov(root, "check")).code).toBe(0);
    write(root, "lost.md.meta.yaml", "id: lost\nversion: 1.0.0\nstatus: draft\n");
    const warned = await gov(root, "check");
    expect(warned.code).toBe(0);
    expect(warned.out).toContain("1 warning");
    const strict = await gov(root, "check", "--fail-on", "warning", "--format", "json");
    expect(strict.code).toBe(1);
    expect(strict.json()["ok"]).toBe(false);
    write(root, "b.md", "---\nid: b\nversion: 1.0.0\nstatus: done\n---\n");
    expect((await gov(root, "check")).code).toBe(1);
  });

  it("names file, line and column for people, the file once", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "docs/b.md": "---\nid: b\nversion: 7\nstatus: nope\n---\n" });
    const { out } = await gov(root, "check");
    expect(out.match(/^docs\/b\.md$/gm)).toHaveLength(1);
    expect(out).toMatch(/^ {2}4:9 +error .*SCHEMA_/m);
    expect(out).toContain("1 file read");
  });

  it("takes the root argument, else the folder of the nearest gov.yaml", async () => {
    const outer = folder({ "gov.yaml": "version: 1\n", "a.md": plan("a"), "deep/down/b.md": plan("b"), "other/gov.yaml": "version: 1\n" });
    const files = async (cwd: string, ...argv: string[]) =>
      (await gov(cwd, "check", "--format", "json", ...argv)).json()["summary"] as { readonly files: number };
    expect((await files(`${outer}/deep/down`)).files).toBe(3);
    expect((await files(`${outer}/other`)).files).toBe(0);
    expect((await files(outer, "other")).files).toBe(0);
    expect((await files(outer, "--root", "other")).files).toBe(0);
  });

  it("matches globs relative to the root argument when --config stands elsewhere, else to the folder of the configuration", async () => {
    const base = folder({
      "conf/gov.yaml": 'version: 1\ndocuments: { include: ["plans/*.md"] }\n',
      "conf/plans/own.md": plan("own"),
      "docs/plans/a.md": plan("a"),
      "docs/a.md": plan("b"),
    });
    const kinds = async (...argv: string[]) => {
      const { code, json } = await gov(base, "check", "--format", "json", ...argv);
      return [code, (json()["summary"] as { readonly files: number }).files];
    };
    expect(await kinds("docs", "--config", "conf/gov.yaml")).toEqual([0, 1]);
    expect(await kinds("--config", "conf/gov.yaml")).toEqual([0, 1]);
    const broken = folder({ "docs/plans/a.md": "---\nid: [\n---\n", "conf/gov.yaml": "version: 1\n" });
    const [finding] = findingsOf(await gov(broken, "check", "docs", "--config", "conf/gov.yaml", "--format", "json"));
    expect(finding?.path).toBe("plans/a.md");
  });

  it("writes nothing at all, with and without .gov/ in the root", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": plan("a"), "b.md": "broken\n" });
    const bare = listing(root);
    await gov(root, "check");
    expect(listing(root)).toEqual(bare);
    write(root, ".gov/keep", "");
    const before = listing(root);
    await gov(root, "check", "--format", "json");
    expect(listing(root)).toEqual(before);
  });

  it("reads kinds of the user's own from gov.yaml, with schema, status words and references", async () => {
    const root = folder({
      "gov.yaml": [
        "version: 1",
        'documents: { include: ["adr/*.md"] }',
        "kinds:",
        "  adr:",
        '    include: ["adr/*.md"]',
        "    schema: ./adr.schema.json",
        "    fields: { id: { path: stem }, status: /status }",
        "    statuses: { proposed: draft, accepted: approved }",
        "    references: [{ field: /supersedes, by: id, kinds: [adr] }]",
        "",
      ].join("\n"),
      "adr.schema.json": JSON.stringify({ type: "object", required: ["status"], properties: { date: { type: "string", format: "date" } } }),
      "adr/0001.md": "---\nstatus: accepted\ndate: 2026-01-31\n---\n",
      "adr/0002.md": '---\nstatus: proposed\nsupersedes: "0009"\ndate: someday\n---\n',
    });
    const run = await gov(root, "check", "--format", "json");
    expect(run.json()["summary"]).toMatchObject({ files: 2, kinds: { adr: 2 } });
    expect(findingsOf(run).map(({ code, path, line, column }) => [code, path, line, column])).toEqual([
      ["SCHEMA_DANGLING_REFERENCE", "adr/0002.md", 3, 13],
      ["SCHEMA_VIOLATION", "adr/0002.md", 4, 7],
    ]);
  });

  it("tells a broken rule document once, with its place, and says nothing of rules where nobody writes any", async () => {
    const root = folder({ "gov.yaml": "version: 1\n" });
    expect((await gov(root, "init")).code).toBe(0);
    write(
      root,
      "rules/hydration_rules.mdc",
      "---\nid: h\nversion: 1.0.0\nstatus: approved\nkind: hydration_rules\nspec: { precedence: [latest] }\n---\n",
    );
    const findings = findingsOf(await gov(root, "check", "--format", "json")).filter(({ path }) => path === "rules/hydration_rules.mdc");
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ line }) => line !== null)).toBe(true);
    expect(findingsOf(await gov(folder({ "gov.yaml": "version: 1\n" }), "check", "--format", "json"))).toEqual([]);
  });

  it("finds two routes that lead one document to different places (RTE-02)", async () => {
    const root = folder();
    await gov(root, "init");
    write(
      root,
      "rules/artifact_routing.mdc",
      [
        "---\nid: artifact_routing\nversion: 1.0.0\nstatus: approved\nkind: artifact_routing\nspec:\n  routes:",
        "    - { id: one, match: { kind: plan, status: draft }, to: 'a/{id}.md', precedence: 10 }",
        "    - { id: two, match: { status: draft }, to: 'b/{id}.md', precedence: 10 }",
        "  overrides: []\n---\n",
      ].join("\n"),
    );
    const checked = await gov(root, "check", "--format", "json");
    expect(checked.code).toBe(1);
    expect(findingsOf(checked)).toMatchObject([{ severity: "error", path: "rules/artifact_routing.mdc" }]);
    const routed = await gov(root, "route");
    expect(routed.code).toBe(1);
    expect(routed.out).toContain('Routes "one" and "two" of precedence 10 send');
  });
});

describe("gov check › protected_paths", () => {
  const plain = 'import { writeFileSync } from "node:fs";\nwriteFileSync("VERIFICATION/summary.json", "{}");\n';

  const guarding = (root: string) => {
    const text = readFileSync(join(root, "rules/artifact_sync_rules.mdc"), "utf8");
    return (mode: string) =>
      write(
        root,
        "rules/artifact_sync_rules.mdc",
        text.replace(/write_mode: \w+/, `write_mode: ${mode}`).replace('"memory-bank/**"', '"VERIFICATION/**"'),
      );
  };

  const plainWritesOf = (run: Run) =>
    findingsOf(run).flatMap(({ code, path, line }) => (code === "GATES_PLAIN_WRITE" ? [`${String(path)}:${String(line)}`] : []));

  it("warns of programs that write a protected path plainly, staged ones as they are staged; never where direct writes are allowed (AIO-09, B-26)", async () => {
    const root = governed();
    const guard = guarding(root);
    write(root, "tools/flip.js", plain);
    const warned = async (...argv: readonly string[]) => plainWritesOf(await gov(root, "check", "--format", "json", ...argv));
    expect(await warned()).toEqual([]);
    guard("atomic");
    expect(await warned()).toEqual(["tools/flip.js:2"]);
    expect(await warned()).toEqual(["tools/flip.js:2"]);
    execFileSync("git", ["add", "tools/flip.js"], { cwd: root });
    write(root, "tools/flip.js", "// mended, and not staged yet\n");
    expect([await warned(), await warned("--staged")]).toEqual([[], ["tools/flip.js:2"]]);
    write(root, "tools/flip.js", plain);
    guard("direct");
    expect(await warned()).toEqual([]);
  });

  it("follows the mode in force: the environment guards where the rules allow direct writes, and the cache of another mode is no answer (AIO-09, SCH-12, B-26)", async () => {
    const root = governed();
    guarding(root)("direct");
    write(root, "tools/flip.js", plain);
    write(root, ".gov/keep", "");
    // A cache is kept of what has settled only.
    const { stamps } = nodeWorld("0");
    const clock = { now: () => Date.now() + 60_000, monotonicMs: () => 0 };
    const warned = async (mode?: string) => {
      const env = mode === undefined ? {} : { MEMORY_WRITES_MODE: mode };
      return plainWritesOf(await govWith({ env, clock, stamps }, root, "check", "--format", "json"));
    };
    const cacheOf = () => readFileSync(join(root, ".gov/cache/check-v2.json"), "utf8");
    expect(await warned()).toEqual([]);
    const direct = cacheOf();
    for (const mode of ["atomic", "bridge", " Dual_Write ", "no mode at all"]) {
      expect([mode, await warned(mode)]).toEqual([mode, ["tools/flip.js:2"]]);
      expect(cacheOf()).not.toBe(direct);
      expect(await warned()).toEqual([]);
    }
    expect(await warned("direct")).toEqual([]);
  });
});
