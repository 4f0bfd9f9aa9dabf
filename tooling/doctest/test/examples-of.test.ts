import { describe, expect, it } from "vitest";
import { examplesOf } from "../src/index.ts";

describe("examplesOf()", () => {
  it("takes the ts fences of a document, with the line of the code", () => {
    const text = "# Title\n\n```ts\nconst a = 1;\n```\n\n```text\nnot this\n```\n\n```ts no-assert\nconst b = 2;\n```\n";
    expect(examplesOf("README.md", text)).toEqual([
      { file: "README.md", line: 4, code: "const a = 1;\n", needsAssertion: true },
      { file: "README.md", line: 12, code: "const b = 2;\n", needsAssertion: false },
    ]);
  });

  it("takes a fence inside a longer fence as its content", () => {
    expect(examplesOf("README.md", "````text\n```ts\nconst a = 1;\n```\n````\n")).toEqual([]);
  });

  it("does not take tsx, tsconfig or unmarked fences", () => {
    expect(examplesOf("README.md", "```tsx\n1\n```\n```\n2\n```\n```tsconfig\n3\n```\n")).toEqual([]);
  });

  it("takes the ts fences of doc comments, without the comment marks", () => {
    const text = [
      "/**",
      " * Adds.",
      " *",
      " * @example Add one",
      " * ```ts",
      " * const a = 1;",
      " *",
      " * const b = 2;",
      " * ```",
      " */",
      "export const c = 1;",
      "",
    ].join("\n");
    expect(examplesOf("packages/a/src/c.ts", text)).toEqual([
      { file: "packages/a/src/c.ts", line: 6, code: "const a = 1;\n\nconst b = 2;\n", needsAssertion: true },
    ]);
  });

  it("is not misled by comment marks and fences inside strings", () => {
    const text = 'export const glob = "src/**/*.ts";\nexport const fence = `\n/**\n```ts\n1\n```\n*/`;\n';
    expect(examplesOf("packages/a/src/glob.ts", text)).toEqual([]);
  });

  it("names the file whose fence is never closed", () => {
    expect(() => examplesOf("docs/a.md", "```ts\nconst a = 1;\n")).toThrow('Cannot read the fences of "docs/a.md"');
  });
});
