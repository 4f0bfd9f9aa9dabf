import { byteText, type IgnorePattern, parseIgnorePattern } from "./ignore-pattern.ts";

/** What the `.gitignore` files from the repository's top down to one directory say. */
export interface IgnoreRules {
  /** True when an entry of this directory is ignored; `name` is its name there. */
  readonly ignores: (name: string, isDirectory: boolean) => boolean;
  /** The rules of a directory below, with the text of its own `.gitignore`, or null. */
  readonly enter: (name: string, text: string | null) => IgnoreRules;
}

interface Level {
  readonly patterns: readonly IgnorePattern[];
  /** True when all of them mean directories. */
  readonly directoriesOnly: boolean;
  /** From the directory of these patterns to the one the rules stand for, with a slash at its end; empty for itself. */
  readonly below: string;
}

/** Returns the rules of the topmost directory. Within a file the last line that matches decides, and a deeper file before a higher one (gitignore(5)). */
export function createIgnoreRules(text: string | null): IgnoreRules {
  return rulesOf(levelsWith([], text));
}

function rulesOf(levels: readonly Level[]): IgnoreRules {
  const directoriesOnly = levels.every((level) => level.directoriesOnly);
  return {
    ignores: (name, isDirectory) => {
      if (directoriesOnly && (!isDirectory || levels.length === 0)) return false;
      const bytes = byteText(name);
      for (const { patterns, below } of levels) {
        for (let at = patterns.length - 1; at >= 0; at--) {
          const pattern = patterns[at] as IgnorePattern;
          if (pattern.directoryOnly && !isDirectory) continue;
          if (pattern.matches(pattern.anchored ? below + bytes : bytes)) return !pattern.negated;
        }
      }
      return false;
    },
    enter: (name, text) =>
      levels.length === 0 && text === null
        ? rulesOf(levels)
        : rulesOf(
            levelsWith(
              levels.map((level) => ({ ...level, below: `${level.below}${byteText(name)}/` })),
              text,
            ),
          ),
  };
}

/** Deepest first. */
function levelsWith(levels: readonly Level[], text: string | null): readonly Level[] {
  const patterns = (text ?? "")
    .replace(/^\ufeff/, "")
    .split("\n")
    .flatMap((line) => parseIgnorePattern(line) ?? []);
  return patterns.length === 0
    ? levels
    : [{ patterns, directoriesOnly: patterns.every(({ directoryOnly }) => directoryOnly), below: "" }, ...levels];
}
