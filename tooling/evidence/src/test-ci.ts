import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { judgeTests } from "./judge-tests.ts";

// Runs every test with coverage, leaves `test_results.xml` and `coverage.xml` in the root of the repository, and judges both with the
// project's own gates. Further arguments go to vitest.

const root = join(import.meta.dirname, "../../..");
const results = join(root, "test_results.xml");
const coverage = join(root, "coverage.xml");
for (const stale of [results, coverage]) rmSync(stale, { force: true });

const reporters = ["--reporter=default", "--reporter=junit", `--outputFile.junit=${results}`];
const tested = run(["vitest", "run", "--coverage", ...reporters, ...process.argv.slice(2)]);
try {
  copyFileSync(join(root, "node_modules/.cache/coverage/coverage.xml"), coverage);
} catch {
  console.error("The run left no coverage report");
}
const judged = await judgeTests(root);
process.exitCode = tested && judged ? 0 : 1;

function run([program = "", ...args]: readonly string[]): boolean {
  const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  return spawnSync(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH: path } }).status === 0;
}
