import { findPlainWrites } from "@gov/gates/enforcement";
import { stopwatch } from "@gov/tooling-vitest/stopwatch";
import { describe, expect, it } from "vitest";

const protectedPaths = ["VERIFICATION/**", "artifacts_index.json"];
const found = (path: string, text: string) =>
  findPlainWrites([{ path, text }], { protectedPaths }).map(({ line, column }) => `${String(line)}:${String(column)}`);

describe("findPlainWrites()", () => {
  it("finds each way of writing a protected path, where it stands, and from wherever it is named (AIO-09)", () => {
    expect(found("a.ts", 'await writeFile("VERIFICATION/summary.json", "{}");')).toEqual(["1:7"]);
    expect(found("a.mjs", 'fs.writeFileSync(\n  "../docs/VERIFICATION/qa/report.md",\n  text,\n);')).toEqual(["1:4"]);
    expect(found("a.js", 'const out = createWriteStream("./artifacts_index.json")')).toEqual(["1:13"]);
    expect(found("a.py", 'x = 1\nwith open("VERIFICATION/master_report.md", "w") as f:')).toEqual(["2:6"]);
    expect(found("a.py", 'Path("VERIFICATION/x.md").write_text("")')).toEqual(["1:26"]);
    expect(found("run.sh", "generate > VERIFICATION/summary.json")).toEqual(["1:10"]);
    expect(found(".github/workflows/ci.yml", "  - run: sed -i s/FAIL/PASS/ VERIFICATION/master_report.md")).toEqual(["1:10"]);
    expect(found("Makefile", "\tgenerate | tee VERIFICATION/report.md")).toEqual(["1:13"]);
  });

  it("lets alone what is not protected, only read, written atomically, or a comment", () => {
    for (const [path, text] of [
      ["a.ts", 'await writeFile("dist/summary.json", "{}");'],
      ["a.ts", 'await readFile("VERIFICATION/summary.json");'],
      ["a.ts", 'await replaceFile("VERIFICATION/summary.json", "{}");'],
      ["a.ts", '// writeFile("VERIFICATION/summary.json")'],
      ["a.md", 'writeFile("VERIFICATION/summary.json")'],
      ["run.sh", "cat VERIFICATION/summary.json > out.txt"],
    ] as const)
      expect([path, text, found(path, text)]).toEqual([path, text, []]);
    expect(findPlainWrites([{ path: "a.ts", text: 'writeFile("a.json")' }], { protectedPaths: [] })).toEqual([]);
    expect(findPlainWrites([], { protectedPaths: ["/x"] }).map(({ code }) => code)).toEqual(["SCHEMA_GLOB"]);
  });

  it("takes time in proportion to the text, whatever the text", () => {
    const text = `${"writeFile(".repeat(20_000)}\n${"a/".repeat(20_000)}`;
    const took = stopwatch();
    found("a.js", text);
    expect(took()).toBeLessThan(5_000);
  });
});
