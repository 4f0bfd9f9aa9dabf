import { join } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { type Finding, parseDocument } from "@gov/schema";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";
import type { GovernedRoot } from "./open-root.ts";

const matrixFile = "routing_matrix.json";

/** What is wrong with the matrix of command routing, where there is one: a command written twice, text that is no JSON. It is read, never written. */
export async function checkRoutingMatrix(context: Context, { directory, config }: GovernedRoot): Promise<readonly Finding[]> {
  const path = join(directory, matrixFile);
  if (!(await isThere(context, path))) return [];
  const read = await readFileBounded(path, { maxBytes: config.limits.maxBytes, fs: context.fs, path: matrixFile });
  return read.ok ? parseDocument({ path: matrixFile, bytes: read.value }, { limits: config.limits }).findings : read.findings;
}
