import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { collectExamples, runExamples, workspacePackages } from "./index.ts";

const root = resolve(import.meta.dirname, "../../..");
const { values } = parseArgs({ options: { dist: { type: "boolean", default: false } } });

const examples = collectExamples(root);
const results = await runExamples(examples, { packages: workspacePackages(root), resolve: values.dist ? "dist" : "source" });
const failures = results.filter(({ ok }) => !ok);
for (const { message } of failures) console.error(`${message}\n`);
if (examples.length === 0) console.error("No example found: a documentation without examples, or a broken collector");
if (values.dist && failures.length > 0)
  console.error("These examples ran on what is built; run `pnpm build` first when it is stale or absent");
console.log(`${String(results.length - failures.length)} passed, ${String(failures.length)} failed`);
process.exitCode = failures.length > 0 || examples.length === 0 ? 1 : 0;
