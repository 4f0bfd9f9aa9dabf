import { type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";

/**
 * Finds paths that are one file on some file systems: equal after NFC and case folding, though spelled differently.
 * Each spelling after the first, by code unit, gets an error; the same spelling twice is no collision.
 */
export function findPathCollisions(paths: Iterable<string>): readonly Finding[] {
  const first = new Map<string, string>();
  const findings: Finding[] = [];
  for (const path of [...new Set(paths)].sort()) {
    const folded = foldPath(path);
    const other = first.get(folded);
    if (other === undefined) first.set(folded, path);
    else {
      const message = `Path "${path}" and path "${other}" are one file where case or Unicode form does not count`;
      findings.push(makeFinding("SCHEMA_PATH_COLLISION", message, { path, hint: "Rename one of them" }));
    }
  }
  return findings;
}

// Upper case first: it folds what lower case alone keeps apart, such as "ß" and "SS", or final and inner sigma.
function foldPath(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}
