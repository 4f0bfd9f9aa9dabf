import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Path of a file of the corpora, or null when it is not there and `GOV_TEST_REQUIRE` does not ask for it. */
export function corpusFile(name: string): string | null {
  const root = process.env["GOV_CORPORA"] ?? fileURLToPath(new URL("../../../../shared/corpora", import.meta.url));
  const path = `${root}/${name}`;
  if (existsSync(path)) return path;
  if (isRequired("corpora")) throw new Error(`Cannot find the corpus file "${path}": set GOV_CORPORA`);
  return null;
}

/** True when the environment insists that tests needing this run instead of being skipped. */
export function isRequired(what: string): boolean {
  return (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes(what);
}
