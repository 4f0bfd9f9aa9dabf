import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeDocuments } from "../fixtures/documents.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

const run = promisify(execFile);
const bin = fileURLToPath(new URL("../../../../apps/gov/dist/bin.js", import.meta.url));

/** How long a person waits for `gov`, against what Node alone takes. */
export const govStartRows: readonly Row[] = [
  {
    id: "gov-start",
    title: "A process from its start to its end: Node that does nothing, gov --version, gov check of 20 documents",
    prepare: async (context) => prepareStart(context),
  },
  {
    id: "gov-check-unchanged",
    title: "gov check of 5,000 documents of which none has changed since the last check",
    prepare: async (context) => prepareUnchanged(context),
  },
];

async function prepareStart(context: RowContext): Promise<PreparedRow> {
  const root = await governedRoot(context, 20);
  const { stdout } = await gov("--version");
  if (!/^\d+\.\d+\.\d+/.test(stdout)) throw new Error(`Cannot measure: gov --version prints ${JSON.stringify(stdout)}`);
  await check(root, 20, "--no-cache");
  return {
    subject: "gov --version",
    contenders: [
      bareNode,
      { name: "gov --version", run: async () => void (await gov("--version")) },
      { name: "gov check, 20 documents", run: () => check(root, 20, "--no-cache") },
    ],
    rounds: context.quick ? 5 : 31,
    warmups: 2,
    notes: [
      "Each is a process of its own: Node without any module of ours, and the built program. The check reads everything, without its cache.",
    ],
  };
}

async function prepareUnchanged(context: RowContext): Promise<PreparedRow> {
  const count = context.quick ? 500 : 5000;
  const root = await governedRoot(context, count);
  await mkdir(join(root, ".gov"));
  // What changed in the last moments is not kept: it could change again without looking different.
  await new Promise((resolve) => setTimeout(resolve, 200));
  await check(root, count);
  if (!existsSync(join(root, ".gov/cache/check-v2.json"))) throw new Error("Cannot measure: the check has kept no result");
  return {
    subject: "gov check, unchanged",
    contenders: [bareNode, { name: "gov check, unchanged", run: () => check(root, count) }],
    rounds: context.quick ? 5 : 21,
    warmups: 1,
    notes: [`${count} documents of 2 to 10 KB; each check asks the file system about every one of them, and reads none.`],
  };
}

const bareNode = { name: "Node alone", run: async () => void (await run(process.execPath, ["-e", "0"])) };

async function governedRoot({ scratch, random }: RowContext, count: number): Promise<string> {
  if (!existsSync(bin)) throw new Error("Cannot measure gov: build it first, with pnpm build");
  const root = join(scratch, `root-${count}`);
  await mkdir(root);
  await writeFile(join(root, "gov.yaml"), "version: 1\n");
  await writeDocuments(root, { count, random });
  return root;
}

/** Checks, and shows that everything was: some of the documents have a wrong status, which is exit code 1. */
async function check(root: string, count: number, ...flags: readonly string[]): Promise<void> {
  const { stdout } = await gov("check", root, "--format", "json", ...flags);
  const { summary } = JSON.parse(stdout) as { readonly summary: { readonly files: number } };
  if (summary.files !== count) throw new Error(`Cannot measure: ${summary.files} of ${count} documents were checked`);
}

async function gov(...argv: readonly string[]): Promise<{ readonly stdout: string }> {
  try {
    return await run(process.execPath, [bin, ...argv], { maxBuffer: 1 << 28 });
  } catch (error) {
    // Findings are an answer.
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string" && error.stdout !== "")
      return { stdout: error.stdout };
    throw error;
  }
}
