import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Finding } from "@gov/schema";
import { describe, expect, it } from "vitest";
import { corpus } from "./corpora.ts";
import { findingsOf, gov, listing, type Run } from "./harness.ts";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const keps = corpus("keps");
const cursorRules = corpus("cursor-rules");

/** The text that a finding points at, to the end of its line. */
function textAt(directory: string, { path, line, column }: Finding): string {
  const text = readFileSync(join(directory, path ?? ""), "utf8").split("\n")[(line ?? 0) - 1] ?? "";
  return text.slice((column ?? 0) - 1).trim();
}

function check(directory: string, example: string): Promise<Run> {
  return gov("/", "check", directory, "--config", join(examples, example, "gov.yaml"), "--format", "json");
}

describe.skipIf(keps === null)("gov check on 656 enhancement proposals", () => {
  const directory = String(keps);

  it("reads all of them and changes none", async () => {
    const before = listing(directory);
    const run = await check(directory, "keps");
    expect(run.code).toBe(1);
    expect(run.json()["summary"]).toMatchObject({ files: 656, artifacts: 656, kinds: { kep: 656 } });
    expect(listing(directory)).toEqual(before);
  });

  it("finds what is wrong at the line and column where it stands", async () => {
    const findings = findingsOf(await check(directory, "keps"));
    const at = (code: string, path: string) => findings.filter((finding) => finding.code === code && finding.path === path);
    const sample = [
      ["SCHEMA_DANGLING_REFERENCE", "keps/sig-api-machinery/1027-api-unions/kep.yaml", '"/keps/sig-api-machinery/0006-apply.md"'],
      ["SCHEMA_NUMBER_TEXT", "keps/sig-architecture/0000-kep-process/kep.yaml", "0000"],
      ["SCHEMA_VIOLATION", "keps/provider-aws/423-network-load-balancer/kep.yaml", "see-also:"],
      ["SCHEMA_DUPLICATE_ID", "keps/sig-node/2133-kubelet-credential-providers/kep.yaml", "2133"],
    ] as const;
    for (const [code, path, text] of sample) expect(at(code, path).map((finding) => textAt(directory, finding))).toContain(text);
  });

  it("is right about every reference and every duplicate number it reports", async () => {
    const findings = findingsOf(await check(directory, "keps"));
    const dangling = findings.filter(({ code }) => code === "SCHEMA_DANGLING_REFERENCE");
    expect(dangling.length).toBeGreaterThan(50);
    const wholeTree = new Set(listing(directory).map((line) => line.split(" ")[0]));
    for (const finding of dangling) {
      const reference = /^Reference "(.*)" leads to no document$/.exec(finding.message)?.[1] ?? "";
      expect(textAt(directory, finding)).toContain(reference);
      expect(wholeTree).not.toContain(`${reference.replace(/^\//, "").replace(/\/$/, "")}/kep.yaml`);
    }
    const numberOf = (path: string) => /^kep-number: *["']?(\d+)/m.exec(readFileSync(join(directory, path), "utf8"))?.[1];
    for (const { path, message } of findings.filter(({ code }) => code === "SCHEMA_DUPLICATE_ID")) {
      const [, id, other] = /"(\d+)".*"([^"]+kep\.yaml)"/.exec(message) ?? [];
      expect([numberOf(String(path)), numberOf(String(other))]).toEqual([id, id]);
    }
  });
});

describe.skipIf(cursorRules === null)("gov check on 257 rule files", () => {
  const directory = String(cursorRules);

  it("reads all of them without an error, whatever their front matter is, and rewrites none", async () => {
    const before = listing(directory);
    const run = await check(directory, "cursor-rules");
    expect(run.code).toBe(0);
    expect(run.json()["summary"]).toMatchObject({ files: 257, artifacts: 257, kinds: { cursor_rule: 257 }, errors: 0 });
    expect(listing(directory)).toEqual(before);
  });

  it("takes a glob as the line says it, without the quotes that YAML would want", async () => {
    const notes = findingsOf(await check(directory, "cursor-rules")).filter(({ code }) => code === "SCHEMA_LINE_DIALECT");
    expect(notes.some((note) => textAt(directory, note).startsWith("*"))).toBe(true);
    expect(new Set(notes.map(({ severity }) => severity))).toEqual(new Set(["note"]));
  });
});
