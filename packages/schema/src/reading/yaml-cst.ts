import { type CST, yamlLibrary } from "../internal/yaml-library.ts";
import { type ReadLimits } from "./read-limits.ts";

/** Concrete syntax of a YAML text, or the limit that stopped the parser and where. */
export type YamlTokens =
  | { readonly ok: true; readonly tokens: readonly CST.Token[] }
  | { readonly ok: false; readonly limit: "maxDepth" | "maxNodes"; readonly offset: number };

/** Levels the parser's stack holds beside the collections: the document and the scalar in work. */
const stackSlack = 4;
/** Syntax errors, directives or documents after which reading on tells nothing new. */
const enough = 20;
/** Lexemes one value takes at most in ordinary text: indicator, spaces, marks, source, comment, line end. */
const lexemesPerNode = 8;

/**
 * Parses YAML text into concrete syntax and gives up as soon as a bound is passed, or what is wrong is already clear.
 * The parser keeps its own stack, so depth is bounded here before the recursive composer sees the tokens.
 */
export function parseYamlTokens(text: string, limits: ReadLimits): YamlTokens {
  const { Lexer, Parser } = yamlLibrary();
  const lexer = new Lexer();
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const maxLexemes = (limits.maxNodes + 16) * lexemesPerNode;
  let lexemes = 0;
  let oddities = 0;
  let documents = 0;
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === "error" || token.type === "directive") oddities += 1;
      if (token.type === "document") documents += 1;
    }
    if (isSurplus(parser.stack.at(-1))) oddities += 1;
    if (documents > 1 || oddities > enough) {
      // What is begun is closed, so that what is wrong with it can be told.
      if (tokens.length === 0) tokens.push(...parser.end());
      return { ok: true, tokens };
    }
    if (parser.stack.length > limits.maxDepth + stackSlack) return { ok: false, limit: "maxDepth", offset: parser.offset };
    if ((lexemes += 1) > maxLexemes) return { ok: false, limit: "maxNodes", offset: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { ok: true, tokens };
}

/** True when the last thing read stands behind a value that has already ended: each costs the composer an error. */
function isSurplus(top: CST.Token | undefined): boolean {
  const last = top !== undefined && "end" in top && Array.isArray(top.end) ? (top.end as readonly CST.SourceToken[]).at(-1) : undefined;
  return last !== undefined && !trivia.has(last.type);
}

const trivia: ReadonlySet<string> = new Set(["space", "comment", "newline", "flow-map-end", "flow-seq-end", "flow-error-end"]);
