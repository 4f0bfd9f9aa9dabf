import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CheckReport, checkDocuments, parseGovConfig, registryFromConfig } from "@gov/schema";
import { corpus } from "./corpora.ts";

const keps = corpus("keps");
const rules = corpus("cursor-rules");

function check(folder: string, suffix: string, gov: string): CheckReport {
  const config = parseGovConfig({ path: "gov.yaml", bytes: Buffer.from(gov) });
  if (!config.ok) throw new Error(JSON.stringify(config.findings));
  const registry = registryFromConfig(config.value, new Map());
  if (!registry.ok) throw new Error(JSON.stringify(registry.findings));
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(suffix));
  const inputs = paths.map((path) => ({ path, bytes: readFileSync(join(folder, path)) }));
  return checkDocuments(inputs, registry.value);
}

const kepConfig = `
version: 1
kinds:
  kep:
    include: ["**/kep.yaml"]
    fields: { id: { path: directory }, owners: /authors }
    statuses: { implemented: approved, implementable: review, provisional: draft }
    references:
      - { field: "/see-also/*", by: path, ignore: ["n/a", none, TBD, "https://*", "http://*"], severity: warning }
      - { field: "/replaces/*", by: path, ignore: ["n/a", none, TBD, "https://*", "http://*"], severity: warning }
    schema:
      type: object
      required: [title, status]
      properties: { title: { type: string }, kep-number: { type: [string, integer] }, authors: { type: [array, "null"], items: { type: string } } }
`;

describe.skipIf(keps === null)("checkDocuments() on enhancement proposals", () => {
  it("reads 656 of 656 and finds dangling references where they stand (ART-12)", () => {
    const folder = keps as string;
    const report = check(folder, "/kep.yaml", kepConfig);
    expect(report.files).toBe(656);
    expect(report.artifacts).toHaveLength(656);
    const dangling = report.findings.filter(({ code }) => code === "SCHEMA_DANGLING_REFERENCE");
    expect(dangling.length).toBeGreaterThan(20);
    for (const { path, line, column, message } of dangling) {
      const text = readFileSync(join(folder, path ?? ""), "utf8").split("\n")[(line ?? 0) - 1] ?? "";
      const target = /^Reference "(.*)" /.exec(message)?.[1] ?? "?";
      expect(
        text
          .slice((column ?? 0) - 1)
          .replace(/^["']/, "")
          .startsWith(target),
        `${path}:${line}`,
      ).toBe(true);
    }
    for (const { message, path } of report.findings) expect(path, message).toMatch(/kep\.yaml$/);
    expect(report.artifacts.filter(({ status }) => status === "approved").length).toBeGreaterThan(200);
  });
});

describe.skipIf(rules === null)("checkDocuments() on rule files", () => {
  it("reads 257 of 257 without an error, each with an id from its name", () => {
    const gov = `version: 1\nkinds:\n  rule:\n    include: ["**/*.mdc"]\n    fields: { id: { path: stem }, title: /description }\n`;
    const report = check(rules as string, ".mdc", gov);
    expect(report.artifacts).toHaveLength(257);
    expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(report.artifacts.every(({ title, data }) => typeof title === "string" && Object.hasOwn(data as object, "globs"))).toBe(true);
  });
});
