import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

// Copies the totals of the last `pnpm test --coverage` to where the project's own gates look for them (governance/gov.yaml).
// Only the totals: the rest of the report names files of one machine.
const root = join(import.meta.dirname, "../../..");
const report = join(root, "node_modules/.cache/coverage/coverage-summary.json");
const evidence = join(root, "governance/VERIFICATION/qa/coverage-summary.json");

let text: string;
try {
  text = readFileSync(report, "utf8");
} catch {
  console.error("There is no coverage report: run `pnpm test --coverage` first");
  process.exit(1);
}
const { total } = JSON.parse(text) as { readonly total: Readonly<Record<string, unknown>> };
const { lines, statements, functions, branches } = total;
mkdirSync(dirname(evidence), { recursive: true });
writeFileSync(evidence, `${JSON.stringify({ total: { lines, statements, functions, branches } }, null, 2)}\n`);
console.log(`Wrote ${JSON.stringify({ lines, branches })}`);
