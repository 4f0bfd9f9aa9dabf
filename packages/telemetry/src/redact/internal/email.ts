import { alphanumeric, charKinds, isKind, word } from "./text-scan.ts";

/** Where an address stands. */
export interface Address {
  readonly start: number;
  readonly end: number;
}

/**
 * An address around an `@`, or around what stands for it from `at` up to `behind`: up to 64 characters before it, or as many between quotes, and behind it a name
 * with a dot, in any script, or an IP address in brackets (RFC 5321, sections 4.1.2, 4.1.3 and 4.5.3.1; RFC 6531).
 */
export function email(text: string, at: number, behind: number = at + 1): Address | null {
  const start = text[at - 1] === '"' ? startOfQuoted(text, at) : startOfPlain(text, at);
  if (start < 0) return null;
  const end = text[behind] === "[" ? endOfLiteral(text, behind) : endOfDomain(text, behind);
  return end < 0 ? null : { start, end };
}

function startOfPlain(text: string, at: number): number {
  // Scripts without spaces would make the whole sentence part of an address in letters of another.
  const isUnspaced = unspaced.test(text[at - 1] ?? "");
  let start = at;
  while (
    start > at - 64 &&
    start > 0 &&
    (isKind(text, start - 1, word) ||
      ".+-%'".includes(text[start - 1] as string) ||
      (isBeyond(text, start - 1) && (isUnspaced || !unspaced.test(text[start - 1] as string))))
  )
    start--;
  while (start < at && !isKind(text, start, word) && !isBeyond(text, start)) start++;
  return start === at ? -1 : start;
}

/** What quotes hold begins with no space and has a letter or digit: else they close one text before `@` and open another with it. */
function startOfQuoted(text: string, at: number): number {
  // In text of JSON in a text the quotes are escaped.
  const isEscaped = text[at - 2] === "\\";
  const close = isEscaped ? at - 2 : at - 1;
  for (let open = close - 1; open >= 0 && open >= close - 66 && text[open] !== "\n"; open--) {
    if (text[open] !== '"' || (text[open - 1] === "\\") !== isEscaped) continue;
    const start = isEscaped ? open - 1 : open;
    return !/\s/.test(text[open + 1] ?? " ") && /[\p{L}\p{N}]/u.test(text.slice(open + 1, close)) && !isKind(text, start - 1, word)
      ? start
      : -1;
  }
  return -1;
}

function endOfLiteral(text: string, at: number): number {
  const found = /^\[(?:IPv6:[0-9a-f:.]{2,45}|\d{1,3}(?:\.\d{1,3}){3})\]/i.exec(text.slice(at, at + 54));
  return found === null ? -1 : at + found[0].length;
}

/** Behind the last top-level name that this can be: `example.org.2` ends with `org`, and so does one that other scripts follow. */
function endOfDomain(text: string, at: number): number {
  let end = at;
  while (
    end < at + 254 &&
    (isKind(text, end, alphanumeric | charKinds.hyphen) ||
      isBeyond(text, end) ||
      (text[end] === "." && (isKind(text, end + 1, alphanumeric) || isBeyond(text, end + 1))))
  )
    end++;
  const labels = text.slice(at, end).split(".");
  for (let last = labels.length - 1, stop = end; last > 0; stop -= (labels[last] as string).length + 1, last--) {
    const label = labels[last] as string;
    const top = topLevel.exec(label)?.[0];
    // A version of a package has numbers before such a name.
    if (
      top !== undefined &&
      (labels[last - 1] as string) !== "" &&
      (last === labels.length - 1 || /[^\d-]/.test(labels[last - 1] as string))
    )
      return stop - label.length + top.length;
  }
  return -1;
}

/** Letters of one kind to the end of the name, but for hyphens; behind Latin letters other scripts, which go on without a space. */
const topLevel =
  /^(?:xn--[a-z0-9-]{1,58}[a-z0-9]|[a-z\p{Script=Latin}]{2,24}(?=-*$|--|[^\p{Script=Latin}\d-])|(?!\p{Script=Latin})[\p{L}\p{M}]{1,63}(?=-*$))/iu;

const letter = /[\p{L}\p{M}\p{N}]/u;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** True for a letter, mark or digit beyond ASCII at this place. */
function isBeyond(text: string, at: number): boolean {
  return text.charCodeAt(at) > 127 && letter.test(text.charAt(at));
}
