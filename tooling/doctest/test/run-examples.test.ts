import { describe, expect, it } from "vitest";
import { type Example, examplesOf, runExamples, toJavaScript, workspacePackages } from "../src/index.ts";
import { resolve } from "node:path";

const packages = workspacePackages(resolve(import.meta.dirname, "../../.."));
const fence = (...code: readonly string[]): string => ["# Example", "", "```ts", ...code, "```", ""].join("\n");
const one = (...code: readonly string[]): readonly Example[] => examplesOf("README.md", fence(...code));

describe("runExamples()", () => {
  it("passes an example whose assertion holds, resolving packages by name to their sources", async () => {
    const code = [
      'import assert from "node:assert/strict";',
      'import { canonicalJson } from "@gov/schema/canonical";',
      "const text: string = canonicalJson({ b: 1, a: 2 });",
      'assert.equal(text, \'{"a":2,"b":1}\');',
    ];
    expect(await runExamples(one(...code), { packages })).toMatchObject([{ ok: true, message: "" }]);
  });

  it("fails a broken README at the line of its assertion", async () => {
    const [result] = await runExamples(one('import assert from "node:assert/strict";', "", "assert.equal(1 + 1, 3);"), { packages });
    expect(result).toMatchObject({ ok: false });
    expect(result?.message).toContain("README.md:6");
    expect(result?.message).not.toContain("example.mts");
  });

  it("fails an example that imports what no package exports", async () => {
    const code = ['import assert from "node:assert/strict";', 'import { absent } from "@gov/schema";', "assert.ok(absent);"];
    const [result] = await runExamples(one(...code), { packages });
    expect(result?.ok).toBe(false);
    expect(result?.message).toMatch(/README\.md:\d+/);
    expect(result?.message).toContain("absent");
  });

  it("fails an example without an assertion, unless its fence says so", async () => {
    const [result] = await runExamples(one("const assert = 1;"), { packages });
    expect(result).toMatchObject({ ok: false });
    expect(result?.message).toContain("README.md:4: no assertion");
    expect(await runExamples(examplesOf("README.md", "```ts no-assert\nconst a = 1;\n```\n"), { packages })).toMatchObject([{ ok: true }]);
  });

  it("does not take a mere import of node:assert for an assertion", async () => {
    expect(await runExamples(one('import assert from "node:assert/strict";', "void assert;"), { packages })).toMatchObject([{ ok: false }]);
  });

  it("fails `await using`, which Node 20 cannot parse", async () => {
    const code = ['import { ok } from "node:assert/strict";', "await using a = { async [Symbol.asyncDispose]() {} };", "ok(a);"];
    const [result] = await runExamples(one(...code), { packages });
    expect(result?.message).toContain("README.md:5: `using` in an example");
  });

  it("gives every example an empty folder of its own as the current directory", async () => {
    const code = [
      'import assert from "node:assert/strict";',
      'import { readdir, writeFile } from "node:fs/promises";',
      'await writeFile("mine.txt", "");',
      'assert.deepEqual(await readdir("."), ["example.mts", "mine.txt"]);',
    ];
    const results = await runExamples([...one(...code), ...one(...code), ...one(...code)], { packages, concurrency: 2 });
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it("fails an example that does not end in time", async () => {
    const code = ['import { ok } from "node:assert/strict";', "ok(true);", "setInterval(() => {}, 1000);"];
    expect(await runExamples(one(...code), { packages, timeoutMs: 500 })).toMatchObject([{ ok: false }]);
  });
});

describe("toJavaScript()", () => {
  it("erases types and keeps unused imports", () => {
    const [example] = one('import { a } from "a";', "const b: number = 1;");
    expect(example && toJavaScript(example)).toBe('import { a } from "a";\nconst b = 1;\n');
  });
});
