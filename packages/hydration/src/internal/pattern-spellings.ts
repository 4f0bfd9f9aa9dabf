import { foldPath } from "./fold-path.ts";

/** Remembers how folders and files of path patterns are spelled, and finds a second spelling of the same one. */
export interface PatternSpellings {
  /** The earlier spelling that a pattern contradicts, as far as it does; null when there is none. The first spelling stays. */
  readonly add: (pattern: string) => { readonly here: string; readonly there: string } | null;
}

/** Starts without any spelling; the cost of a pattern is its number of segments. */
export function createPatternSpellings(): PatternSpellings {
  const known = new Map<string, string>();
  return {
    add: (pattern) => {
      // Parameter names are lower case already, so folding a pattern folds its texts only.
      const segments = pattern.split("/");
      for (let length = 1; length <= segments.length; length++) {
        const here = segments.slice(0, length).join("/");
        const folded = foldPath(here);
        const there = known.get(folded);
        if (there === undefined) known.set(folded, here);
        else if (there !== here) return { here, there };
      }
      return null;
    },
  };
}
