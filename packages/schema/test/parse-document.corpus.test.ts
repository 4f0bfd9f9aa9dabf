import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseDocument } from "@gov/schema";
import { corpus } from "./corpora.ts";

const keps = corpus("keps");
const rules = corpus("cursor-rules");

function filesOf(folder: string, suffix: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(suffix))
    .sort();
}

describe.skipIf(keps === null)("parseDocument() on enhancement proposals", () => {
  it("reads 656 of 656 kep.yaml, as the YAML library reads them (SCH-10)", () => {
    const files = filesOf(keps as string, "/kep.yaml");
    expect(files).toHaveLength(656);
    for (const path of files) {
      const bytes = readFileSync(join(keps as string, path));
      const result = parseDocument({ path, bytes });
      expect(result.ok && result.value.data, path).toEqual(parse(bytes.toString("utf8"), { version: "1.2", schema: "core" }));
      expect(result.findings.every((finding) => finding.line !== null && finding.column !== null)).toBe(true);
    }
  });
});

describe.skipIf(rules === null)("parseDocument() on rule files", () => {
  it("reads 257 of 257 rule files, and gives back front matter and body byte for byte (SCH-10)", () => {
    const files = filesOf(rules as string, ".mdc");
    expect(files).toHaveLength(257);
    const dialects = { yaml: 0, line: 0 };
    for (const path of files) {
      const text = readFileSync(join(rules as string, path), "utf8");
      const result = parseDocument({ path, bytes: Buffer.from(text) });
      if (!result.ok) throw new Error(JSON.stringify(result.findings));
      const { frontMatter, body, bodyLine, dialect, data } = result.value;
      expect(`---\n${frontMatter}---\n${body}`, path).toBe(text);
      expect(
        text
          .split("\n")
          .slice(bodyLine - 1)
          .join("\n"),
      ).toBe(body);
      expect(Object.keys(data as object).sort(), path).toEqual(["alwaysApply", "description", "globs"]);
      expect(typeof (data as { alwaysApply: unknown }).alwaysApply).toBe("boolean");
      if (dialect === "yaml" || dialect === "line") dialects[dialect] += 1;
    }
    expect(dialects).toEqual({ yaml: 27, line: 230 });
  });
});
