import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of a corpus of real documents, or null when it is not there and `GOV_TEST_REQUIRE` does not ask for it. */
export function corpus(name: string): string | null {
  const root = process.env["GOV_CORPORA"] ?? fileURLToPath(new URL("../../../../shared/corpora", import.meta.url));
  const folder = `${root}/${name}`;
  if (existsSync(folder)) return folder;
  if ((process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("corpora"))
    throw new Error(`Cannot find the corpus "${folder}": set GOV_CORPORA`);
  console.warn(`Skipped: the corpus "${folder}" is not there; set GOV_CORPORA to try it`);
  return null;
}
