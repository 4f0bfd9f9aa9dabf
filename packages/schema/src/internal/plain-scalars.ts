import { type JsonValue } from "../json.ts";

/** Words that stand for something else than text. */
export const plainWords: ReadonlyMap<string, boolean | null> = new Map([
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);
/** Numbers that are written as they are printed, short enough to be exact. */
const plainNumber = /^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,6})\.[0-9]{0,6}[1-9])$/;
/** Whatever the core schema of YAML 1.2 could take for a number. */
const anyNumber =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Quoted or plain text from an offset to the end of its line; undefined where only the parser should say what it is. */
export function readPlainScalar(text: string, from: number, end: number): JsonValue | undefined {
  const first = text.charCodeAt(from);
  if (first === quote || first === apostrophe) {
    return quotedEnd(text, from, end) === end ? text.slice(from + 1, end - 1) : undefined;
  }
  if (!beginsPlain(text, from) || text.charCodeAt(end - 1) === space) return undefined;
  for (let at = from + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === colonSign && (at + 1 === end || text.charCodeAt(at + 1) === space)) return undefined;
    if (code === hash && text.charCodeAt(at - 1) === space) return undefined;
  }
  return resolvePlain(text.slice(from, end), first);
}

/** Where plain text in brackets ends, before the spaces that follow it; -1 when it is not plain. */
export function flowPlainEnd(text: string, from: number, end: number): number {
  if (from >= end || !beginsPlain(text, from)) return -1;
  let last = from;
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closeBracket) return last + 1;
    if (code === openBracket || code === openBrace || code === closeBrace || code === hash || code === colonSign) return -1;
    if (code !== space) last = at;
  }
  return -1;
}

/** Offset of the colon behind a key of letters, digits, `_`, `.` and `-`; -1 where none stands. */
export function keyEnd(text: string, from: number, end: number): number {
  if (!isLetter(text.charCodeAt(from))) return -1;
  for (let at = from + 1; at < end && at - from < maxKey; at += 1) {
    const code = text.charCodeAt(at);
    if (code === colonSign) return at + 1 === end || text.charCodeAt(at + 1) === space ? at : -1;
    if (!isLetter(code) && !isDigit(code) && code !== minus && code !== dot) return -1;
  }
  return -1;
}

/** Offset behind the closing quote of text without escapes; -1 where it has some, or does not end. */
export function quotedEnd(text: string, from: number, end: number): number {
  const mark = text.charCodeAt(from);
  for (let at = from + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === mark) return mark === apostrophe && text.charCodeAt(at + 1) === apostrophe ? -1 : at + 1;
    if (code === backslash && mark === quote) return -1;
  }
  return -1;
}

/** True where plain text may begin: not with what YAML could take for syntax. */
function beginsPlain(text: string, from: number): boolean {
  const first = text.charCodeAt(from);
  if (isLetter(first) || isDigit(first) || first === slash || first === dot || first > 0xa0) return true;
  if (first !== minus && first !== plus) return false;
  const second = text.charCodeAt(from + 1);
  return isLetter(second) || isDigit(second) || second === dot;
}

/** What plain text stands for; undefined where only the parser should say. */
export function resolvePlain(source: string, first: number): JsonValue | undefined {
  if (isLetter(first)) {
    const word = source.length > 5 ? undefined : plainWords.get(source);
    return word === undefined ? source : word;
  }
  if (!isDigit(first) && first !== minus && first !== plus && first !== dot) return source;
  if (plainNumber.test(source)) return Number(source);
  return anyNumber.test(source) ? undefined : source;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === underscore;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const maxKey = 64;
const [space, quote, hash, apostrophe, plus, comma, minus, dot, slash, colonSign] = [32, 34, 35, 39, 43, 44, 45, 46, 47, 58];
const [openBracket, backslash, closeBracket, underscore, openBrace, closeBrace] = [91, 92, 93, 95, 123, 125];
