import { createRequire } from "node:module";
import type * as re2js from "re2js";

const require = createRequire(import.meta.url);

/** A pattern that takes time linear in the text, whoever wrote it. */
export interface LinearPattern {
  readonly test: (text: string) => boolean;
  /** Distinct per pattern: the schema compiler tells patterns apart by it. */
  readonly toString: () => string;
}

const generalCategories: ReadonlyMap<string, string> = new Map([
  ["Letter", "L"],
  ["Lowercase_Letter", "Ll"],
  ["Uppercase_Letter", "Lu"],
  ["Titlecase_Letter", "Lt"],
  ["Modifier_Letter", "Lm"],
  ["Other_Letter", "Lo"],
  ["Mark", "M"],
  ["Number", "N"],
  ["Decimal_Number", "Nd"],
  ["digit", "Nd"],
  ["Punctuation", "P"],
  ["punct", "P"],
  ["Symbol", "S"],
  ["Separator", "Z"],
  ["Space_Separator", "Zs"],
  ["Control", "Cc"],
  ["cntrl", "Cc"],
]);

/**
 * Compiles a pattern of a user's schema (ECMA-262 syntax) on a linear-time engine, so that no pattern can hang a check.
 *
 * @throws Error when the engine has no linear form of it: lookaround, backreferences, or broken syntax.
 */
export function compileLinearPattern(pattern: string): LinearPattern {
  const { RE2JS } = require("re2js") as typeof re2js;
  const compiled = RE2JS.compile(RE2JS.translateRegExp(toLinearSyntax(pattern)));
  return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
}

// ECMA-262 writes `\p{Letter}` and `\p{Script=Greek}`; the engine knows `\p{L}` and `\p{Greek}`. ECMA's `\s` is wider than the engine's.
function toLinearSyntax(pattern: string): string {
  return pattern.replace(
    /\\(?:([pP])\{(?:General_Category=|gc=|Script=|sc=)?(\w+)\}|[^])/g,
    (escape, letter: string | undefined, name: string | undefined) =>
      letter === undefined || name === undefined ? escape : `\\${letter}{${generalCategories.get(name) ?? name}}`,
  );
}
