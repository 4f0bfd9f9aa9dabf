import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { corpus } from "./corpora.ts";
import { folder, gov, write } from "./harness.ts";

/** Trees that have never heard of gov, each of another shape. */
const trees: Readonly<
  Record<string, { readonly files: Readonly<Record<string, string>>; readonly kinds: Readonly<Record<string, number>> }>
> = {
  "decision records, with and without front matter": {
    files: {
      "docs/adr/0001-record-decisions.md": "# 1. Record decisions\r\n\r\n## Status\r\n\r\nAccepted\r\n",
      "docs/adr/0002-use-postgres.md": "---\nstatus: accepted\ndate: 2026-01-02\n---\n# Use PostgreSQL\n\nTrailing spaces   \n",
      "docs/adr/0003-drop-redis.md": "---\nstatus: superseded by 2\n---\n# Drop Redis",
      "docs/adr/README.md": "# Decisions\n",
      "docs/adr/template.md": "# Title\n",
      "src/index.ts": "export {};\n",
    },
    kinds: { adr: 3 },
  },
  "proposals in numbered folders": {
    files: {
      "rfcs/0001-first/text.md": "---\ntitle: First\nstatus: final\n---\n\nBody\n",
      "rfcs/0002-second/text.md": "---\ntitle: Second\nstatus: draft\nauthors: [bob]\n---\n",
      "rfcs/0003-third/text.md": "---\ntitle: Third\nstatus: [odd]\n---\nBody\n",
      "README.md": "# Proposals\n",
    },
    kinds: { rfc: 3 },
  },
  "a documentation site": {
    files: {
      "docs/index.md": "---\ntitle: Home\n---\n# Home\n",
      "docs/guide/index.mdx": "---\ntitle: Guide\n---\nimport X from 'x';\n\n<X />\n",
      "docs/guide/[slug].md": "---\ntitle: Slug\n---\n",
      "docs/blog/2026-01-01-hello.md": "\ufeff---\ntitle: Hello\ntags: [a, b]\n---\nÜber\n",
      "package.json": "{}\n",
    },
    kinds: { page: 4 },
  },
  "skills and rule files": {
    files: {
      "skills/review/SKILL.md": "---\nname: review\ndescription: Reviews code\n---\n# Review\n",
      "skills/deploy/SKILL.md": "---\nname: deploy\ndescription: Deploys\nversion: 3\n---\n# Deploy\n",
      "skills/deploy/reference.md": "# Reference\n",
      ".cursor/rules/style.mdc": "---\ndescription: Style\nglobs: *.ts,*.tsx\nalwaysApply: false\n---\n- Be brief\n",
      ".cursor/rules/broken.mdc": "---\ndescription: never closed\n",
    },
    kinds: { skill: 2, cursor_rule: 2 },
  },
  "nothing that is known": { files: { "main.c": "int main;\n", "notes.txt": "hello\n" }, kinds: {} },
};

const contents = (root: string, files: readonly string[]) => files.map((path) => readFileSync(join(root, path)).toString("base64"));

/** Every file below a folder but what gov keeps beside the documents. */
function below(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith(".gov") && statSync(join(root, path)).isFile())
    .sort();
}

async function migrates(root: string, kinds: Readonly<Record<string, number>>): Promise<void> {
  const files = below(root);
  const before = contents(root, files);
  const dry = await gov(root, "migrate", "--dry-run", "--format", "json");
  expect([dry.code, dry.err]).toEqual([0, ""]);
  expect([below(root), existsSync(join(root, ".gov"))]).toEqual([files, false]);
  const applied = await gov(root, "migrate", "--format", "json");
  expect([applied.code, applied.err]).toEqual([0, ""]);
  const found = applied.json()["kinds"] as readonly { readonly name: string; readonly documents: number }[];
  expect(Object.fromEntries(found.map(({ name, documents }) => [name, documents]))).toEqual(kinds);
  expect(dry.json()["kinds"]).toEqual(found);
  expect(contents(root, files)).toEqual(before);
  const checked = await gov(root, "check", "--format", "json");
  expect([checked.code, checked.err]).toEqual([0, ""]);
  expect((await gov(root, "index", "--check")).code).toBe(0);
  const own = ["gov.yaml", "artifacts_index.json", ".gov/.gitignore", ".gitattributes"];
  const once = contents(root, own);
  const again = await gov(root, "migrate");
  expect([again.code, again.out.includes("Nothing to do")]).toEqual([0, true]);
  expect([contents(root, own), contents(root, files)]).toEqual([once, before]);
}

describe("gov migrate", () => {
  it.each(Object.entries(trees))(
    "brings %s under it: plan, dry run, apply, and a second run that changes nothing; no document is touched (IDX-15)",
    async (_name, { files, kinds }) => {
      await migrates(folder(files), kinds);
    },
  );

  it("says which Markdown files a gov.yaml that is there does not cover, and calls nothing governed that is not (IDX-15)", async () => {
    const root = folder({ "gov.yaml": "version: 1\ndocuments:\n  include: [plans/**]\n", "notes/a b.md": "# A\n", "notes/c.md": "# C\n" });
    const run = await gov(root, "migrate", "--dry-run");
    expect(run.out).toContain("2 Markdown files are not governed, such as notes/a b.md: add those that should be to documents.include");
    expect(run.out).toContain("No document would be governed");
    expect((await gov(root, "migrate", "--format", "json")).json()["uncovered"]).toEqual(["notes/a b.md", "notes/c.md"]);
    write(root, "gov.yaml", "version: 1\ndocuments:\n  include: [notes/**]\n");
    expect((await gov(root, "migrate")).out).not.toContain("not governed");
  });

  it("lets only what is wrong from then on fail", async () => {
    const root = folder(trees["proposals in numbered folders"]?.files);
    const notUtf8 = new Uint8Array([0x23, 0x20, 0xff, 0x0a]);
    write(root, "rfcs/0004-fourth/text.md", notUtf8);
    expect((await gov(root, "migrate")).out).toContain("1 findings known from now on");
    expect((await gov(root, "check")).code).toBe(0);
    write(root, "rfcs/0005-fifth/text.md", notUtf8);
    const run = await gov(root, "check");
    expect([run.code, run.out.includes("0005-fifth"), run.out.includes("0004-fourth")]).toEqual([1, true, false]);
  });

  it.each([
    ["keps", "kep"],
    ["cursor-rules", "cursor_rule"],
  ])(
    "brings the corpus %s under it without touching a document (IDX-15)",
    async (name, kind) => {
      const from = corpus(name);
      if (from === null) return;
      const root = folder();
      cpSync(from, root, { recursive: true });
      const count = below(root).filter((path) => (kind === "kep" ? /(?:^|\/)kep\.yaml$/ : /\.mdc$/).test(path)).length;
      expect(count).toBeGreaterThan(200);
      await migrates(root, { [kind]: count });
    },
    60_000,
  );
});
