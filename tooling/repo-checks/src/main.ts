import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { allChecks } from "./all-checks.ts";
import { renderApi } from "./api/render-api.ts";
import { renderReference } from "./api/render-reference.ts";
import { compareViolations } from "./check.ts";
import { moduleSizes } from "./checks/modules.ts";
import { readRepo } from "./repo.ts";
import { renderTraceability, traceabilityPath } from "./traceability/render-traceability.ts";

const usage = `Usage: repo-checks [check…] [--write api|traceability]\nChecks: ${allChecks.map(({ name }) => name).join(", ")}`;
const root = resolve(import.meta.dirname, "../../..");
const { positionals, values } = parseArgs({ allowPositionals: true, options: { write: { type: "string" } } });
const repo = readRepo(root);

if (values.write === "api") writeAll(new Map([...(await renderApi(repo)), ...(await renderReference(repo))]));
else if (values.write === "traceability") writeAll(new Map([[traceabilityPath, renderTraceability(repo)]]));
else if (values.write !== undefined || positionals.some((name) => !allChecks.some((check) => check.name === name))) {
  console.error(usage);
  process.exitCode = 2;
} else await check();

function writeAll(texts: ReadonlyMap<string, string>): void {
  for (const [path, text] of texts) {
    if (repo.files.get(path) === text) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}

async function check(): Promise<void> {
  const chosen = allChecks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let count = 0;
  for (const { name, run } of chosen) {
    const violations = [...(await run(repo))].sort(compareViolations);
    count += violations.length;
    for (const { path, line, message } of violations) console.error(`${path}:${String(line)}: [${name}] ${message}`);
  }
  const sizes = moduleSizes(repo).map(
    ({ folder, ...size }) => `${folder} ${String(size.count)}/${String(size.median)}/${String(size.largest)}`,
  );
  console.log(`modules (count/median/largest lines): ${sizes.join(" · ")}`);
  console.log(`${String(chosen.length)} checks, ${String(count)} violations`);
  process.exitCode = count === 0 ? 0 : 1;
}
