import { describe, expect, it } from "vitest";
import { comments } from "../src/checks/comments.ts";
import { formats } from "../src/checks/formats.ts";
import { links } from "../src/checks/links.ts";
import { readmes } from "../src/checks/readmes.ts";
import { broken, run, soundFiles } from "./repository.ts";

const readme = "packages/schema/README.md";

describe("comments", () => {
  const postponed = ["TO", "DO"].join("");
  it.each([`// ${postponed} later`, `/* FIX${"ME"} */`, "// ---- section ----", "// ==========", "/* ******** */", `// @ts-${"ignore"}`])(
    "catches %s",
    async (text) => {
      expect(await run(comments, broken({ "packages/schema/src/extra.ts": `const a = [\n  1, ${text}\n];\n` }))).toHaveLength(1);
    },
  );

  it.each(["// why -- because", "/** Doc. */", "// a --- b", `"// ${postponed}"`, `\`/* ${postponed} */\``])("accepts %s", async (text) => {
    expect(await run(comments, broken({ "packages/schema/src/extra.ts": `${text}\nexport const a = 1;\n` }))).toEqual([]);
  });
});

describe("readmes", () => {
  it("accepts a README that lists the exports and names tests that exist", async () => {
    expect(await run(readmes, broken())).toEqual([]);
  });

  it.each([
    ["an export that is not listed", "- `doIt`", "- `other`, `doItAgain`", '"doIt" of "@gov/schema" is missing'],
    ["an export that only another section names", "- `doIt`", "## Errors\n\n`doIt`", "is missing"],
    ["a guarantee whose test is gone", "test/do-it.test.ts", "test/absent.test.ts", "does not exist"],
    ["guarantees without a test", "`test/do-it.test.ts`", "trust us", "no table that names a test"],
  ])("catches %s", async (_, from, to, message) => {
    expect((await run(readmes, broken({ [readme]: (soundFiles[readme] ?? "").replace(from, to) }))).join()).toContain(message);
  });
});

describe("links", () => {
  it.each([
    "[a](../README.md)",
    "[a](README.md#install)",
    "[a](#install)",
    "[a](https://example.org/a)",
    "[a](src/)",
    "`[a](absent.md)`",
    "```text\n[a](absent.md)\n```",
  ])("accepts %s", async (text) => {
    const files = { "packages/README.md": "", [readme]: `${soundFiles[readme] ?? ""}\n${text}\n` };
    expect(await run(links, broken(files))).toEqual([]);
  });

  it.each(["[a](absent.md)", "[a](../absent/b.md#c)", "![a](absent.png)"])("catches %s", async (text) => {
    expect(await run(links, broken({ "docs/a.md": `Text\n\n${text}\n` }))).toEqual([expect.stringMatching(/^docs\/a\.md:3 Link to/)]);
  });
});

describe("formats", () => {
  const page = "docs/formats/log-v1.md";
  const golden = "packages/schema/test/fixtures/log-v1";
  const sound = {
    [page]: `# Log\n\nThe golden files in\n\`${golden}/\` are read.\n`,
    [`${golden}/log.jsonl`]: "{}\n",
    "packages/schema/test/golden.test.ts": 'join(import.meta.dirname, "fixtures/log-v1");\n',
  };

  it("accepts a format whose golden files a test reads, folder or file", async () => {
    expect(await run(formats, broken(sound))).toEqual([]);
    expect(await run(formats, broken({ ...sound, [page]: `\`${golden}/log.jsonl\`\n` }))).toEqual([]);
  });

  it.each([
    ["a format that names no golden file", { [page]: "# Log\n" }, "docs/formats/log-v1.md:1 No golden file is named"],
    [
      "golden files that are not there",
      { [page]: `\n\`${golden}s/\`\n` },
      `docs/formats/log-v1.md:2 Golden file "${golden}s" is not there`,
    ],
    [
      "golden files that no test reads",
      { "packages/schema/test/golden.test.ts": "" },
      "docs/formats/log-v1.md:4 No test of packages/schema reads",
    ],
  ])("catches %s", async (_, changed, message) => {
    expect(await run(formats, broken({ ...sound, ...changed }))).toEqual([expect.stringContaining(message)]);
  });
});
