import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLock } from "@gov/atomic-io/lock";
import type { FileSystem } from "@gov/atomic-io";
import { nodeFileSystem } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";
import { cycle, governed, places, rbacPolicy } from "./governed.ts";
import { findingsOf, folder, gov, govWith, listing, type Run, write } from "./harness.ts";

const good = "---\nid: a\nversion: 1.0.0\nstatus: approved\n---\n";
const config = { "gov.yaml": "version: 1\n" };

/** Checks a root in which one document is bad, and sees that the good one beside it is still read and nothing is written. */
async function checkWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<Run> {
  const root = folder({ ...config, "good.md": good, ...files });
  const before = listing(root);
  const run = await gov(root, "check", "--format", "json");
  expect(listing(root)).toEqual(before);
  expect(run.err).toBe("");
  expect((run.json()["summary"] as { readonly artifacts: number }).artifacts).toBeGreaterThan(0);
  return run;
}

/** Fails when a stack or an unknown exit code shows. */
function expectTyped({ code, out, err }: Run, exitCode: number, errorCode: string): void {
  expect(out + err).toContain(errorCode);
  expect(out + err).not.toMatch(/^\s+at .*[/\\].*:\d+/m);
  expect(code).toBe(exitCode);
}

const bomb = [
  "a: &a [x, x, x, x, x, x, x, x, x]",
  ..."bcdefghijk".split("").map((name, index) => {
    const before = "abcdefghijk"[index];
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`;
  }),
].join("\n");

describe("gov check of bad documents", () => {
  it.each([
    ["an empty file", "a.yaml", "", "SCHEMA_EMPTY"],
    ["invalid UTF-8", "a.yaml", Uint8Array.from([0x69, 0x64, 0x3a, 0x20, 0xff, 0xfe]), "SCHEMA_NOT_UTF8"],
    ["a duplicate key", "a.yaml", "id: a\nid: b\n", "SCHEMA_DUPLICATE_KEY"],
    ["an alias", "a.yaml", "id: &x a\nversion: 1.0.0\nstatus: draft\ntitle: *x\n", "SCHEMA_ALIAS"],
    ["a YAML bomb", "a.yaml", bomb, "SCHEMA_ALIAS"],
    ["an unclosed front matter", "b.md", "---\nid: b\n", "SCHEMA_FRONT_MATTER"],
    ["JSON that breaks off", "a.json", '{"id": "a"', "SCHEMA_JSON_SYNTAX"],
    ["a tag that would make an object", "a.yaml", "id: !!js/function 'x'\n", "SCHEMA_YAML_TAG"],
    ["two documents in one file", "a.yaml", "id: a\n---\nid: b\n", "SCHEMA_YAML_STREAM"],
    ["very deep nesting", "a.json", `${"[".repeat(5000)}${"]".repeat(5000)}`, "SCHEMA_TOO_DEEP"],
  ])("finds %s and reads the rest (SCH-11)", async (_what, path, content, code) => {
    const run = await checkWith({ [path]: content });
    const found = findingsOf(run).filter((finding) => finding.code.startsWith(code));
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ path });
    expect(run.code).toBe(found.some(({ severity }) => severity === "error") ? 1 : 0);
  });

  it("reads a byte order mark and CRLF, and places findings in the text that people see", async () => {
    const text = `\ufeff${good.replace("status: approved", "status: nope").replaceAll("\n", "\r\n")}`;
    const findings = findingsOf(await gov(folder({ ...config, "a.md": text }), "check", "--format", "json"));
    expect(findings.find(({ severity }) => severity === "error")).toMatchObject({ path: "a.md", line: 4, column: 9 });
  });

  it("takes a 50 MB file as too large without reading it", async () => {
    const root = folder({ ...config, "good.md": good });
    const file = openSync(join(root, "huge.yaml"), "w");
    ftruncateSync(file, 50 * 1024 * 1024);
    closeSync(file);
    let bytes = 0;
    const fs: FileSystem = {
      ...nodeFileSystem,
      open: async (...args) => {
        const handle = await nodeFileSystem.open(...args);
        return {
          ...handle,
          read: async (buffer, position) => {
            const got = await handle.read(buffer, position);
            bytes += got;
            return got;
          },
        };
      },
    };
    const run = await govWith({ fs }, root, "check", "--format", "json");
    expect(run.code).toBe(1);
    expect(findingsOf(run)).toMatchObject([{ code: "INDEX_FILE_TOO_LARGE", path: "huge.yaml" }]);
    expect(bytes).toBeLessThan(100_000);
  });

  it("never follows links out of the root, into loops or to pipes", async () => {
    const outside = folder({ "secret.md": good });
    const root = folder({ ...config, "good.md": good });
    symlinkSync(join(outside, "secret.md"), join(root, "link.md"));
    symlinkSync(outside, join(root, "folder"));
    symlinkSync("loop.md", join(root, "loop.md"));
    symlinkSync(".", join(root, "self"));
    symlinkSync("nowhere.md", join(root, "dangling.md"));
    execFileSync("mkfifo", [join(root, "pipe.md")]);
    const run = await gov(root, "check", "--format", "json");
    expect(run.code).toBe(1);
    expect(run.json()["summary"]).toMatchObject({ files: 1 });
    expect(findingsOf(run).map(({ code, path }) => [path, code])).toEqual([
      ["dangling.md", "INDEX_FILE_UNREADABLE"],
      ["link.md", "INDEX_LINK_OUTSIDE"],
      ["loop.md", "INDEX_FILE_UNREADABLE"],
      ["pipe.md", "INDEX_FILE_SPECIAL"],
    ]);
  });

  it("says when a file or a folder cannot be read, also one whose name no glob matches", async () => {
    const root = folder({ ...config, "good.md": good, "locked.md": good, "shut/b.md": good });
    const refuse = (path: string) =>
      Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: "EACCES", syscall: "open" });
    const fs: FileSystem = {
      ...nodeFileSystem,
      open: (path, ...more) => (path.endsWith("locked.md") ? Promise.reject(refuse(path)) : nodeFileSystem.open(path, ...more)),
      readdir: (path) => (path.endsWith("shut") ? Promise.reject(refuse(path)) : nodeFileSystem.readdir(path)),
    };
    const run = await govWith({ fs }, root, "check", "--format", "json");
    expect(run.code).toBe(1);
    expect(findingsOf(run).map(({ code, path }) => [path, code])).toEqual([
      ["locked.md", "INDEX_FILE_UNREADABLE"],
      ["shut", "INDEX_DIRECTORY_UNREADABLE"],
    ]);
  });

  it.each([
    ["migrate", "nowhere"],
    ["migrate", "gov.yaml"],
    ["init", "gov.yaml"],
  ])("refuses gov %s of %s, which is no folder, and writes nothing (SCH-11)", async (command, path) => {
    const root = folder(config);
    const before = listing(root);
    expectTyped(await gov(root, command, path), 3, "CLI_ROOT_UNUSABLE");
    expect(listing(root)).toEqual(before);
  });

  it("says in gov index as well what it leaves out because it cannot be read", async () => {
    const root = folder({ ...config, "good.md": good, "shut/b.md": good.replace("id: a", "id: b") });
    expect((await gov(root, "index")).code).toBe(0);
    const shut = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", syscall: "scandir" });
    const fs: FileSystem = {
      ...nodeFileSystem,
      readdir: (path) => (path.endsWith("shut") ? Promise.reject(shut) : nodeFileSystem.readdir(path)),
    };
    for (const flags of [["--dry-run"], [], ["--rebuild"]]) {
      const run = await govWith({ fs }, root, "index", ...flags, "--format", "json");
      expect([run.code, findingsOf(run).map(({ code }) => code)]).toEqual([1, ["INDEX_DIRECTORY_UNREADABLE"]]);
    }
    expect((await gov(root, "index")).code).toBe(0);
  });

  it("says nothing of a folder that cannot be read where all of it is left out, as the hint advises", async () => {
    const deep = Array.from({ length: 70 }, () => "d").join("/");
    const shut = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", syscall: "scandir" });
    const fs: FileSystem = {
      ...nodeFileSystem,
      readdir: (path) => (path.endsWith("shut") ? Promise.reject(shut) : nodeFileSystem.readdir(path)),
    };
    const codes = async (exclude: string) => {
      const text = `version: 1\ndocuments: { exclude: ${exclude} }\n`;
      const root = folder({ "gov.yaml": text, "good.md": good, "shut/b.md": good, [`${deep}/a.md`]: good });
      return findingsOf(await govWith({ fs }, root, "check", "--format", "json")).map(({ code, hint }) => [
        code,
        hint?.includes("exclude"),
      ]);
    };
    expect(await codes('["shut/**", "d/**"]')).toEqual([]);
    const both = [
      ["INDEX_DEPTH_EXCEEDED", true],
      ["INDEX_DIRECTORY_UNREADABLE", true],
    ];
    expect(await codes('["shut/*", "d/**/*.md", "**/x"]')).toEqual(both);
    expect(await codes("[]")).toEqual(both);
  });

  it("says when folders nest too deeply to be read", async () => {
    const root = folder(config);
    write(root, `${Array.from({ length: 70 }, () => "d").join("/")}/a.md`, good);
    const run = await gov(root, "check", "--format", "json");
    expect(run.code).toBe(1);
    expect(findingsOf(run)).toMatchObject([{ code: "INDEX_DEPTH_EXCEEDED" }]);
  });

  it("walks a folder that is named like a document", async () => {
    const run = await checkWith({ "plan.md/inner.yaml": "id: [\n", "plan.md.meta.yaml": "id: plan\nversion: 1.0.0\nstatus: draft\n" });
    expect(run.code).toBe(1);
    expect(findingsOf(run).map(({ path }) => path)).toContain("plan.md/inner.yaml");
    expect(findingsOf(run).map(({ code }) => code)).toContain("SCHEMA_ORPHAN_SIDECAR");
  });

  it("prints no control character of a document, neither as text nor as JSON", async () => {
    const evil = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e";
    const root = folder({
      ...config,
      "a.yaml": `id: ${JSON.stringify(`x${evil}\n✔ all fine`)}\nversion: 1.0.0\nstatus: ${JSON.stringify(evil)}\n`,
    });
    write(root, `b${evil.replaceAll("/", "")}.yaml`, "id: [\n");
    for (const format of ["text", "json"]) {
      const run = await gov(root, "check", "--format", format);
      expect(run.code).toBe(1);
      // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
      expect(run.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(run.out).not.toMatch(/^✔ all fine/m);
    }
    const named = findingsOf(await gov(root, "check", "--format", "json")).map(({ path }) => path);
    expect(named).toContain(`b${evil}.yaml`);
    const failed = await gov(root, "resolve", evil);
    // eslint-disable-next-line no-control-regex -- as above
    expect(failed.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe("gov with a bad root or configuration", () => {
  it.each([
    ["an empty gov.yaml", "", "SCHEMA_EMPTY"],
    ["one that is no mapping", "- a\n", "SCHEMA_CONFIG"],
    ["an unknown key", "version: 1\ndocumnets: {}\n", "Did you mean"],
    ["another version", "version: 2\n", "SCHEMA_VERSION"],
    ["an unknown preset", "version: 1\npreset: bee\n", "SCHEMA_CONFIG"],
    ["broken YAML", "version: [\n", "SCHEMA_YAML_SYNTAX"],
    ["a glob that leaves the root", 'version: 1\ndocuments: { include: ["../**"] }\n', "SCHEMA_CONFIG"],
    ["a schema outside the folder", 'version: 1\nkinds: { adr: { include: ["a/*"], schema: ../../etc/passwd } }\n', "SCHEMA_CONFIG"],
    ["a schema that is missing", 'version: 1\nkinds: { adr: { include: ["a/*"], schema: gone.json } }\n', "CLI_CONFIGURATION_UNREADABLE"],
    ["a schema that is no schema", 'version: 1\nkinds: { adr: { include: ["a/*"], schema: { type: 7 } } }\n', "SCHEMA_INVALID_SCHEMA"],
    [
      "a schema with a foreign $ref",
      'version: 1\nkinds: { adr: { include: ["a/*"], schema: { $ref: "https://example.org/s.json" } } }\n',
      "SCHEMA_INVALID_SCHEMA",
    ],
    [
      "a pattern that would run for ever",
      'version: 1\nkinds: { adr: { include: ["a/*"], schema: { pattern: "(?=a)" } } }\n',
      "SCHEMA_INVALID_SCHEMA",
    ],
  ])("refuses %s with exit code 3 (SCH-11)", async (_what, text, code) => {
    const root = folder({ "gov.yaml": text });
    for (const command of ["check", "status", "index"]) expectTyped(await gov(root, command), 3, code);
    expectTyped(await gov(root, "check", "--format", "json"), 3, code);
  });

  it("refuses a schema file that is not JSON, or no object", async () => {
    const kinds = 'version: 1\nkinds: { adr: { include: ["a/*"], schema: s.json } }\n';
    for (const text of ["{", "7"]) expectTyped(await gov(folder({ "gov.yaml": kinds, "s.json": text }), "check"), 3, "CLI_SCHEMA_UNUSABLE");
  });

  it("refuses a gov.yaml that is a folder, a pipe or too large", async () => {
    const asFolder = folder({ "gov.yaml/a.md": good });
    expectTyped(await gov(asFolder, "check", "."), 3, "CLI_CONFIGURATION_UNREADABLE");
    const asPipe = folder();
    execFileSync("mkfifo", [join(asPipe, "gov.yaml")]);
    expectTyped(await gov(asPipe, "check", "."), 3, "CLI_CONFIGURATION_UNREADABLE");
    expectTyped(await gov(folder({ "gov.yaml": `# ${"x".repeat(2 << 20)}` }), "check"), 3, "CLI_CONFIGURATION_UNREADABLE");
  });

  it("says where a configuration is when there is none here", async () => {
    const none = folder({ "a.md": good });
    const { err } = await gov(none, "check");
    expect(err).toContain("gov init writes one; where there are documents already, gov migrate does");
    expectTyped(await gov(none, "check"), 3, "CLI_NO_CONFIGURATION");
    expectTyped(await gov(none, "check", "."), 3, "CLI_CONFIGURATION_UNREADABLE");
    const below = folder({ "governance/gov.yaml": "version: 1\n" });
    expect((await gov(below, "check")).err).toContain('there is one in "governance"');
  });

  it.each(["gone", "a.md", "a".repeat(300)])("refuses %s as a root", async (name) => {
    expectTyped(await gov(folder({ "a.md": good }), "check", name), 3, "CLI_ROOT_UNUSABLE");
  });

  it("refuses rule documents that cannot be in force, and says where", async () => {
    const root = governed();
    write(
      root,
      "rules/second.mdc",
      readFileSync(join(root, "rules/hydration_rules.mdc"), "utf8").replace("id: hydration_rules", "id: second"),
    );
    for (const argv of [["status"], ["route"], ["cycle"]]) expectTyped(await gov(root, ...argv), 3, "CLI_RULES_UNUSABLE");
    expectTyped(await gov(root, "check"), 1, "SCHEMA_RULE_CONFLICT");
  });

  it("works without a repository and without git, and refuses only what needs a commit", async () => {
    const root = folder();
    expect((await gov(root, "init")).code).toBe(0);
    for (const argv of [["check"], ["status"], ["resolve", "rulebook"]]) expect((await gov(root, ...argv)).code).toBe(0);
    const git = {
      revision: async () => null,
      commitTimes: async () => new Map(),
      mergeDriver: async () => null,
      userEmail: async () => null,
      authors: async () => [],
      changedSince: async () => null,
      staged: async () => null,
      hooks: async () => null,
      history: async () => [],
    };
    const sealed = governed();
    write(sealed, "rbac_policy.yaml", rbacPolicy("test@example.org", "unknown"));
    await gov(sealed, "cycle", cycle, "create_plan");
    expectTyped(await govWith({ git }, sealed, "manifest", "seal", cycle, "--dry-run"), 3, "CLI_NO_REVISION");
    expect((await govWith({ git }, sealed, "cycle", cycle, "update_plan")).code).toBe(0);
    expect(readFileSync(join(sealed, places.log), "utf8")).toContain("unverified:unknown");
  });
});

describe("gov with damaged state", () => {
  it("finds a damaged index, and builds it anew from the documents (IDX-16)", async () => {
    const root = governed();
    await gov(root, "index");
    const whole = readFileSync(join(root, "artifacts_index.json"));
    for (const damage of ["", "{}", "[", "\u0000", whole.toString().replace("sha256:", "sha256:0")]) {
      writeFileSync(join(root, "artifacts_index.json"), damage);
      expectTyped(await gov(root, "index", "--check"), 5, "INDEX_");
      const status = await gov(root, "status");
      expect([status.code, status.out.includes("damaged")]).toEqual([5, true]);
      const mended = await gov(root, "index");
      expect([mended.code, mended.out.includes("rebuilt from the artifacts")]).toEqual([0, true]);
      expect(readFileSync(join(root, "artifacts_index.json"))).toEqual(whole);
    }
  });

  it("decides nothing on a log that was altered, and names the first altered entry (TEL-06)", async () => {
    const root = governed();
    for (const event of ["create_plan", "update_plan", "update_plan"]) expect((await gov(root, "cycle", cycle, event)).code).toBe(0);
    const log = readFileSync(join(root, places.log), "utf8");
    write(root, places.log, log.replace("update_plan", "updatE_plan"));
    for (const argv of [["cycle"], ["status"], ["cycle", cycle, "update_plan"], ["digest", cycle]])
      expectTyped(await gov(root, ...argv), 5, "TELEMETRY_AUDIT");
    const verified = await gov(root, "audit", "verify", "--format", "json");
    expect(verified.code).toBe(5);
    expect(verified.json()).toMatchObject({ ok: false, firstAltered: { line: 2 } });
    expect(findingsOf(verified)[0]).toMatchObject({ severity: "error", path: places.log, line: 2 });
    expect(readFileSync(join(root, places.log), "utf8")).toBe(log.replace("update_plan", "updatE_plan"));
  });

  it("says that there is no log, or that it cannot be read", async () => {
    const root = governed();
    expectTyped(await gov(root, "audit", "verify"), 3, "CLI_NO_LOG");
    mkdirSync(join(root, places.log), { recursive: true });
    expectTyped(await gov(root, "audit", "verify"), 3, "CLI_LOG_UNREADABLE");
    expectTyped(await gov(root, "cycle"), 3, "CLI_LOG_UNREADABLE");
  });

  it("waits for a writer no longer than it is told, then names it with exit code 4", async () => {
    const root = governed();
    await gov(root, "index");
    await gov(root, "cycle", cycle, "create_plan");
    const index = await acquireLock(join(root, ".gov/index/writer.lock"));
    const log = await acquireLock(join(root, `${places.log}.lock`));
    try {
      expectTyped(await gov(root, "index"), 4, "INDEX_LOCKED");
      expectTyped(await gov(root, "index", "--rebuild"), 4, "INDEX_LOCKED");
      expectTyped(await gov(root, "cycle", cycle, "update_plan"), 4, "ATOMIC_IO_LOCK_HELD");
      expect((await gov(root, "index", "--check")).code).toBe(0);
      expect((await gov(root, "status")).code).toBe(0);
    } finally {
      await index.release();
      await log.release();
    }
    expect((await gov(root, "cycle", cycle, "update_plan")).code).toBe(0);
  });

  it("reports a disk that refuses with exit code 4, and leaves what was there", async () => {
    const root = governed();
    await gov(root, "index");
    const before = readFileSync(join(root, "artifacts_index.json"));
    write(root, "frameworks/planning-be/extra.md", good);
    const full = () =>
      Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" }));
    const fs: FileSystem = {
      ...nodeFileSystem,
      mkdir: full,
      open: (path, intent, options) => (intent === "read" || intent === "directory" ? nodeFileSystem.open(path, intent, options) : full()),
    };
    const run = await govWith({ fs }, root, "index");
    expect(run.code).toBe(4);
    expect(run.err).not.toMatch(/^\s+at /m);
    expect(readFileSync(join(root, "artifacts_index.json"))).toEqual(before);
    const init = await govWith({ fs }, root, "init", "new");
    expect(init.code).toBe(4);
  });

  it("checks the index without writing anything", async () => {
    const root = governed();
    await gov(root, "index");
    const before = listing(root);
    const refuse = () => Promise.reject(new Error("written"));
    const fs: FileSystem = {
      ...nodeFileSystem,
      mkdir: refuse,
      rename: refuse,
      link: refuse,
      unlink: refuse,
      open: (path, intent, options) => (intent === "read" ? nodeFileSystem.open(path, intent, options) : refuse()),
    };
    for (const argv of [["index", "--check"], ["status"], ["cycle"], ["gate", cycle], ["digest", cycle], ["check"], ["route"]])
      expect([argv, (await govWith({ fs }, root, ...argv)).code]).toEqual([argv, 0]);
    expect(listing(root)).toEqual(before);
  });

  it("leaves no trace of an event that the state does not know", async () => {
    const root = governed();
    const before = listing(root);
    const run = await gov(root, "cycle", cycle, "begin_execution");
    expectTyped(run, 1, "GATES_INVALID_TRANSITION");
    expect((await gov(root, "cycle", cycle, "create_plan", "--dry-run")).code).toBe(0);
    expect(listing(root)).toEqual(before);
  });
});

describe("a command that finds nothing to work on", () => {
  it("says what to do next", async () => {
    const root = folder({ ...config, "good.md": good });
    for (const [argv, code, hint] of [
      [["approve", "nope"], "CLI_UNKNOWN_ARTIFACT", "documents.include in gov.yaml"],
      [["gate", cycle], "CLI_NO_ROUTES", "gov init writes rules/artifact_routing.mdc"],
      [["route", "rollback"], "CLI_NO_ROUTES", "gov init writes rules/artifact_routing.mdc"],
    ] as const) {
      const run = await gov(root, ...argv);
      expectTyped(run, 3, code);
      expect(run.err).toMatch(/\n {5}→ /);
      expect(run.err).toContain(hint);
    }
  });

  it("finds the document of --stdin-path in whatever Unicode form its name is given", async () => {
    const root = folder({ ...config, "pl\u00e4n.md": good });
    const stdin = async () => new TextEncoder().encode(good.replace("approved", "nope"));
    for (const name of ["pl\u00e4n.md", "pla\u0308n.md"]) {
      const run = await govWith({ stdin }, root, "check", "-", "--stdin-path", name, "--format", "json");
      expect([name, run.code]).toEqual([name, 1]);
      expect(findingsOf(run)).toMatchObject([{ path: "pl\u00e4n.md", severity: "error", line: 4 }]);
    }
  });
});
