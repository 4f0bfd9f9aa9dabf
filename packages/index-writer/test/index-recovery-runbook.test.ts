import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";

const runbook = readFileSync(join(import.meta.dirname, "../../../docs/runbooks/index-recovery.md"), "utf8");

const sections = runbook
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    title: text.slice(0, text.indexOf("\n")),
    steps: [...text.matchAll(/^```js (rehearse|recover)\n([^]*?)^```$/gm)].map(([, kind, code]) => ({
      kind: kind as string,
      code: code as string,
    })),
  }));

/** Runs a module within this package, so that it finds what it imports, with the case's folder as the current one. */
function run(code: string, directory: string): { readonly signal: string | null; readonly status: number | null; readonly stderr: string } {
  const module = join(import.meta.dirname, `runbook-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(module, code);
  try {
    const { signal, status, stderr } = spawnSync(process.execPath, ["--conditions=@gov/source", "--experimental-strip-types", module], {
      cwd: directory,
      encoding: "utf8",
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    return { signal, status, stderr };
  } finally {
    rmSync(module);
  }
}

describe.runIf(process.platform === "linux")("docs/runbooks/index-recovery.md", () => {
  it("has cases, each with its rehearsal and its recovery", () => {
    expect(sections.length).toBeGreaterThanOrEqual(5);
    for (const { title, steps } of sections)
      expect(
        steps.map(({ kind }) => kind),
        title,
      ).toEqual(["rehearse", "recover"]);
  });

  for (const { title, steps } of sections) {
    it(`recovers as written: ${title} (IDX-02)`, () => {
      const directory = realpathSync(mkdtempSync(join(tmpdir(), "gov-runbook-")));
      try {
        for (const { kind, code } of steps) {
          const { signal, status, stderr } = run(code, directory);
          const killed = kind === "rehearse" && code.includes("SIGKILL");
          expect([signal, status], stderr).toEqual(killed ? ["SIGKILL", null] : [null, 0]);
        }
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }
});
