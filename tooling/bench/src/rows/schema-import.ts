import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PreparedRow, Row } from "../row.ts";

const run = promisify(execFile);
const entry = new URL("../../../../packages/schema/dist/index.js", import.meta.url);

/** What a program waits for when it imports the package that all others import. */
export const schemaImportRows: readonly Row[] = [
  {
    id: "schema-import",
    title: "A process from its start to its end: Node that does nothing, and that imports @gov/schema",
    prepare: async ({ quick }) => prepare(quick),
  },
];

async function prepare(quick: boolean): Promise<PreparedRow> {
  if (!existsSync(fileURLToPath(entry))) throw new Error("Cannot measure the import: build it first, with pnpm build");
  const { stdout } = await evaluate(`import { shippedKinds } from ${JSON.stringify(entry.href)}; console.log(shippedKinds.length)`);
  if (!(Number(stdout) > 0)) throw new Error(`Cannot measure the import: it gives ${JSON.stringify(stdout)}`);
  return {
    subject: "importing @gov/schema",
    contenders: [
      { name: "Node alone", run: async () => void (await run(process.execPath, ["-e", "0"])) },
      { name: "importing @gov/schema", run: async () => void (await evaluate(`import ${JSON.stringify(entry.href)}`)) },
    ],
    rounds: quick ? 5 : 31,
    warmups: 2,
    notes: ["The built package, as it is published; Node's own loader of modules is counted in."],
  };
}

async function evaluate(code: string): Promise<{ readonly stdout: string }> {
  return run(process.execPath, ["--input-type=module", "-e", code]);
}
