import { describe, expect, it } from "vitest";
import { api } from "../src/checks/api.ts";
import { errorCodes } from "../src/checks/error-codes.ts";
import { exportsDocumented } from "../src/checks/exports.ts";
import { renderApi } from "../src/api/render-api.ts";
import { renderReference } from "../src/api/render-reference.ts";
import { signatures } from "../src/checks/signatures.ts";
import { broken, changed, run, soundFiles } from "./repository.ts";

describe("exports", () => {
  it("accepts documented exports", async () => {
    expect(await run(exportsDocumented, broken())).toEqual([]);
  });

  it.each([
    ["a function", "export function doIt(): void {}\n"],
    ["a const", "export const doIt = 1;\n"],
    ["a type", "export type doIt = 1;\n"],
    ["an empty comment", "/** */\nexport const doIt = 1;\n"],
    ["a plain comment", "// Does it.\nexport const doIt = 1;\n"],
  ])("catches %s without a doc comment, through the re-export", async (_, text) => {
    const found = await run(exportsDocumented, broken({ "packages/schema/src/do-it.ts": text }));
    expect(found.join()).toMatch(/packages\/schema\/src\/do-it\.ts:\d Export "doIt" has no doc comment/);
  });

  it("catches an entry without introduction, without example, without title, and a name that does not exist", async () => {
    const index = soundFiles["packages/schema/src/index.ts"] ?? "";
    const check = async (text: string): Promise<string> =>
      (await run(exportsDocumented, broken({ "packages/schema/src/index.ts": text }))).join();
    expect(await check(index.replace(" * @packageDocumentation\n", ""))).toContain("@packageDocumentation");
    expect(await check(index.replace(/ \* @example.*\n/, ""))).toContain("has no @example");
    expect(await check(index.replace("@example Do it", "@example"))).toContain("has no title");
    expect(await check(index.replace("{ doIt }", "{ absent }"))).toContain('"absent" has no declaration');
    expect(await check("/** @packageDocumentation */\nexport {};\n")).toContain("exports nothing");
  });

  it("catches an entry whose source is absent", async () => {
    const exports = { "./a": { "@gov/source": "./src/a.ts" } };
    expect((await run(exportsDocumented, broken(changed("packages/schema/package.json", { exports }))))[0]).toContain("is absent");
  });
});

describe("signatures", () => {
  const check = (text: string): Promise<readonly string[]> => run(signatures, broken({ "packages/schema/src/do-it.ts": text }));

  it.each([
    ["four parameters", "export function doIt(a: A, b: B, c: C, d: D): void {}\n", "takes 4 parameters"],
    ["a flag", "export function doIt(a: A, strict: boolean): void {}\n", "takes a flag"],
  ])("catches %s", async (_, text, message) => {
    expect((await check(text)).join()).toContain(message);
  });

  it("catches an option that cannot be undefined, and accepts the others", async () => {
    const index = (soundFiles["packages/schema/src/index.ts"] ?? "").replace("{ doIt }", "{ doIt, type DoOptions }");
    const text =
      'export interface DoOptions { a?: string; b?: string | undefined; c?: unknown; d: string; e?: Other["e"] }\nexport function doIt(a: A, b: B, o: DoOptions): void {}\n';
    const found = await run(signatures, broken({ "packages/schema/src/index.ts": index, "packages/schema/src/do-it.ts": text }));
    expect(found).toEqual([expect.stringContaining('Option "a" of "DoOptions"')]);
  });

  it("does not judge what no entry exports", async () => {
    expect(await check("export function doIt(): void {}\nexport function inner(a: A, b: B, c: C, d: D): void {}\n")).toEqual([]);
  });
});

describe("error-codes", () => {
  const errors = 'export const schemaErrorCodes = ["SCHEMA_BROKEN"] as const;\n';
  const proven = {
    "packages/schema/src/errors.ts": errors,
    "packages/schema/README.md": `${soundFiles["packages/schema/README.md"] ?? ""}| \`SCHEMA_BROKEN\` | It is broken | Mend it |\n`,
    "packages/schema/test/a.test.ts": '"SCHEMA_BROKEN";\n',
  };

  it("accepts a code that is explained and tested", async () => {
    expect(await run(errorCodes, broken(proven))).toEqual([]);
  });

  it.each([
    ["not explained", { "packages/schema/README.md": "# x\n\n| `SCHEMA_BROKEN` |\n\n## Errors\n\nNone.\n" }, "README"],
    ["explained only as part of another", { "packages/schema/README.md": "## Errors\n\n| `SCHEMA_BROKEN_TOO` |\n" }, "README"],
    ["not tested", { "packages/schema/test/a.test.ts": "" }, "appears in no test"],
    ["without the prefix", { "packages/schema/src/errors.ts": errors.replace("SCHEMA_BROKEN", "BROKEN_SCHEMA") }, "prefix"],
    ["of two packages", { "packages/gates/src/extra.ts": 'export const gateFindingCodes = ["SCHEMA_BROKEN"] as const;\n' }, "stands in"],
    ["nowhere", { "packages/schema/src/errors.ts": "export class SchemaError extends Error {}\n" }, "No `const"],
  ])("catches a code %s", async (_, files: Readonly<Record<string, string>>, message) => {
    expect((await run(errorCodes, broken({ ...proven, ...files }))).join("\n")).toContain(message);
  });
});

describe("renderApi()", () => {
  const report = async (text: string): Promise<string> => {
    const reports = await renderApi(broken({ "packages/schema/src/do-it.ts": text }));
    return reports.get("packages/schema/etc/schema.api.md") ?? "";
  };

  it("shows signatures without bodies, comments and defaults", async () => {
    const text = await report("/** Does it. */\nexport function doIt(a: string, options: Options = {}): number {\n  return 1;\n}\n");
    expect(text).toContain("## `@gov/schema`");
    expect(text).toContain("export declare function doIt(a: string, options?: Options): number;");
    expect(text).not.toContain("Does it");
    expect(text).not.toContain("return");
  });

  it("shows overloads without the implementation", async () => {
    const text = await report(
      "export function doIt(a: string): string;\nexport function doIt(a: number): number;\nexport function doIt(a: unknown): unknown {\n  return a;\n}\n",
    );
    expect(text.match(/function doIt/g)).toHaveLength(2);
  });

  it("hides private members of classes", async () => {
    const text = await report(
      "export class doIt {\n  readonly open = 1;\n  #secret = 2;\n  private hidden = 3;\n  async read(): Promise<number> {\n    return this.#secret;\n  }\n}\n",
    );
    expect(text).toContain("read(): Promise<number>;");
    expect(text).not.toMatch(/secret|hidden|async/);
  });

  it("shows what is reachable but not exported, transitively", async () => {
    const text = await report(
      "interface Deep { readonly c: 1 }\ninterface Options { readonly deep: Deep }\ninterface Unused {}\nexport function doIt(o: Options): void {}\n",
    );
    expect(text).toContain("// Reachable through the above, not exported here:\n\ndeclare interface Deep");
    expect(text).toContain("declare interface Options");
    expect(text).not.toContain("Unused");
  });

  it("does not change with the layout of the source", async () => {
    const [a, b] = await Promise.all([
      report("export function doIt(a: string, b: number): void {}\n"),
      report("// why\nexport function doIt(\n  a: string,\n  b: number,\n): void {\n  a;\n}\n"),
    ]);
    expect(a).toBe(b);
  });
});

describe("renderReference()", () => {
  const page = async (source: string, index = 'export { doIt, type Options } from "./do-it.ts";'): Promise<string> =>
    (
      await renderReference(
        broken({
          "packages/schema/src/do-it.ts": source,
          "packages/schema/src/index.ts": `/**\n * A promise.\n *\n * @packageDocumentation\n */\n${index}\n`,
        }),
      )
    ).get("docs/api/schema.md") ?? "";

  it("says of every export what its doc comment says, with signature, members, errors and examples", async () => {
    const text = await page(`/** Options of {@link doIt}. */
export interface Options {
  /** How often, in all.  @default 3 */
  readonly times?: number;
  /** @default nobody */
  readonly observer?: string;
}

/**
 * Does it.
 * Twice.
 *
 * @param what - The thing.
 * @returns How often it was done.
 * @throws RangeError when nothing is there.
 * @example Do it once
 * \`\`\`ts
 * // @throws is no tag here
 * doIt("a");
 * \`\`\`
 */
export function doIt(what: string, options: Options = {}): number {
  return what.length + (options.times ?? 3);
}
`);
    const told = [
      "A promise.",
      "### doIt",
      "Does it.\nTwice.",
      "function doIt(what: string, options?: Options): number;",
      "- `what`: The thing.",
      "Returns: How often it was done.",
      "Throws RangeError when nothing is there.",
    ];
    const more = [
      "**Example: Do it once**",
      '// @throws is no tag here\ndoIt("a");',
      "### Options",
      "Options of `doIt`.",
      "- `times`: How often, in all. Default: 3.",
      "- `observer`: Default: nobody.",
    ];
    const places = [...told, ...more].map((words) => text.indexOf(words));
    expect(places.filter((place) => place === -1)).toEqual([]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(text).not.toMatch(/@default|@link|export |return /);
  });

  it("shows what has no comment by its signature alone, and names what comes from elsewhere", async () => {
    expect(await page("export function doIt(): void {}\nexport type Options = 1;\n")).toContain(
      "### doIt\n\n```ts\nfunction doIt(): void;\n```",
    );
    const gates = (await renderReference(broken({ "packages/gates/src/index.ts": 'export { doIt } from "@gov/schema";\n' }))).get(
      "docs/api/gates.md",
    );
    expect(gates).toContain("Passed on from other packages: `doIt`.");
  });
});

describe("api", () => {
  it("catches a stale and an absent report, and accepts a fresh one", async () => {
    const fresh = Object.fromEntries([...(await renderApi(broken())), ...(await renderReference(broken()))]);
    expect(await run(api, broken(fresh))).toEqual([]);
    expect(await run(api, broken({ ...fresh, "packages/schema/src/do-it.ts": "export const doIt = 2;\n" }))).toHaveLength(2);
    const said = "/** Does it well. */\nexport function doIt(): number {\n  return 1;\n}\n";
    expect(await run(api, broken({ ...fresh, "packages/schema/src/do-it.ts": said }))).toEqual([
      expect.stringMatching(/^docs\/api\/schema\.md/),
    ]);
    expect(await run(api, broken())).toHaveLength(4);
  });
});
