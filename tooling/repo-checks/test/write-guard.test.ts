import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const guide = readFileSync(join(root, "docs/guides/ci.md"), "utf8");
const directory = mkdtempSync(join(tmpdir(), "gov-write-guard-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The lines of a file that ESLint rejects under the configuration of the guide. */
function rejected(files: Readonly<Record<string, string>>): readonly string[] {
  const config = /^```js eslint\.config\.js\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? "";
  for (const [path, text] of Object.entries({ ...files, "eslint.config.mjs": config })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const bin = join(dirname(createRequire(join(root, "package.json")).resolve("eslint/package.json")), "bin/eslint.js");
  const { stdout, status } = spawnSync(process.execPath, [bin, "--format", "json", "."], { cwd: directory, encoding: "utf8" });
  const results = JSON.parse(stdout) as readonly {
    readonly filePath: string;
    readonly messages: readonly { readonly line: number; readonly message: string }[];
  }[];
  const found = results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${filePath.slice(directory.length + 1)}:${String(line)} ${message.slice(-60)}`),
  );
  expect(status).toBe(found.length === 0 ? 0 : 1);
  return found.map((line) => line.split(" ", 1)[0] ?? "").sort();
}

describe("the guard against plain writes, as the guide gives it", () => {
  it("rejects each way of writing where governed documents are written, and no other (AIO-09)", () => {
    const plain = [
      'import { writeFile } from "node:fs/promises";',
      'import fs from "node:fs";',
      'import { replaceFile } from "@gov/atomic-io";',
      'fs.writeFileSync("plan.yaml", "status: approved\\n");',
      'await fs.promises.appendFile("plan.yaml", "x");',
      'fs.createWriteStream("plan.yaml");',
      'await replaceFile("plan.yaml", fs.readFileSync("draft.yaml"));',
      'await writeFile("plan.yaml", "x");',
      "",
    ].join("\n");
    expect(rejected({ "tools/write.mjs": plain, "site/build.mjs": plain })).toEqual(
      ["1", "4", "5", "6"].map((line) => `tools/write.mjs:${line}`),
    );
  });
});
