import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder with its bytes and mode, what git keeps for itself aside. */
export function contents(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith(".git/") && lstatSync(join(directory, path)).isFile())
    .sort();
  const stateOf = (path: string): string => `${lstatSync(path).mode.toString(8)} ${readFileSync(path).toString("base64")}`;
  return new Map(files.map((path) => [path, stateOf(join(directory, path))]));
}

/** Which segment of a journal is written now: every opening begins one, and an empty one says nothing. */
const bookkeeping = /^\.gov\/(?:[^/]+\/)+(?:CURRENT|journal-[\d-]+\.log)$/;

/** What another call adds, because that is what it is for. */
const addsAgain: readonly (readonly [words: string, files: RegExp])[] = [["snapshot take", /^\.gov\/store\//]];

/** The files that differ after a call was made once more, without what every opening and every snapshot adds. */
export function changedFiles(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>, call: string): readonly string[] {
  const adds = addsAgain.filter(([words]) => call.startsWith(words)).map(([, files]) => files);
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path) && ![bookkeeping, ...adds].some((files) => files.test(path)),
  );
}
