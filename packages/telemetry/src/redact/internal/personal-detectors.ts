import { isIban, isLuhn, isResidentId, isSocialSecurityNumber } from "./checksums.ts";
import { charKinds, isKind, skipKind, word } from "./text-scan.ts";

/** Something found at a place. */
export interface Found {
  readonly detector: PersonalName;
  readonly start: number;
  readonly end: number;
}

/** Names of the personal data found. */
type PersonalName = "iban" | "payment-card" | "phone" | "resident-id" | "social-security-number";

const digit = { mask: charKinds.digit, most: 32 };

/** Numbers that name a person: cards, identity and social security numbers; where digits begin. */
export function personalNumber(text: string, at: number): Found | null {
  const end = skipKind(text, at, digit);
  const length = end - at;
  // A date has no hyphen there, and a card no mark before its second group ends.
  if (length === 3) return text[end] === "-" && text[end + 3] === "-" ? socialSecurityNumber(text, at) : null;
  if (length === 4) return isKind(text, end + 3, charKinds.digit) && isKind(text, end + 4, charKinds.digit) ? groupedCard(text, at) : null;
  if (length < 13 || length > 19) return null;
  const run = text.slice(at, end);
  if (length === 17 && /[Xx]/.test(text[end] ?? "") && !isKind(text, end + 1, word) && isResidentId(text.slice(at, end + 1)))
    return { detector: "resident-id", start: at, end: end + 1 };
  if (isKind(text, end, word)) return null;
  if (length === 18 && isResidentId(run)) return { detector: "resident-id", start: at, end };
  return isCard(run) ? { detector: "payment-card", start: at, end } : null;
}

function socialSecurityNumber(text: string, at: number): Found | null {
  const [, area = "", group = "", serial = ""] = /^(\d{3})-(\d{2})-(\d{4})(?![\w-])/.exec(text.slice(at, at + 12)) ?? [];
  return area !== "" && isSocialSecurityNumber(area, group, serial)
    ? { detector: "social-security-number", start: at, end: at + 11 }
    : null;
}

/**
 * A telephone number in international form, +, 8 to 15 digits (ITU-T E.164), groups parted by one space, hyphen or dot. It ends with a group: other digits behind
 * it do not hide it.
 */
export function phone(text: string, at: number): Found | null {
  let digits = 0;
  let end = -1;
  if (text[at + 1] === "0") return null;
  for (let index = at + 1; index < at + 33 && digits <= 15; index++) {
    if (isKind(text, index, charKinds.digit)) {
      digits++;
      continue;
    }
    if (digits >= 8 && !isKind(text, index, word)) end = index;
    if (!(digits > 0 && " -.()".includes(text[index] ?? "\n") && /^[ (]?[\d(]/.test(text.slice(index + 1, index + 3)))) break;
  }
  return end < 0 ? null : { detector: "phone", start: at, end };
}

/** An account number: two letters, two digits, 11 to 30 more, in groups or not, whose check digits hold; where upper-case letters begin. */
export function iban(text: string, at: number): Found | null {
  if (!/^[A-Z]{2}\d{2}/.test(text.slice(at, at + 4))) return null;
  const upper = charKinds.upper | charKinds.digit;
  let compact = "";
  let best: Found | null = null;
  for (let index = at; index < at + 44 && compact.length <= 34;) {
    const end = skipKind(text, index, { mask: upper, most: 35 });
    compact += text.slice(index, end);
    if (compact.length >= 15 && compact.length <= 34 && !isKind(text, end, word) && isIban(compact))
      best = { detector: "iban", start: at, end };
    if (end === index || text[end] !== " ") break;
    index = end + 1;
  }
  return best;
}

/** What parts groups: a space, dot, slash, underscore or hyphen of any kind, or a hyphen or slash between spaces. */
const groupMark = "(?:[ ./_\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000\\u2010-\\u2015\\u2212\\ufe58\\ufe63\\uff0d-]| [/-] )";

/** Groups of the lengths that cards are written in. */
const cardGroups: readonly RegExp[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, "4,5"],
].map((lengths) => new RegExp(`^${lengths.map((length) => `\\d{${String(length)}}`).join(groupMark)}(?![\\w-])`));

function groupedCard(text: string, at: number): Found | null {
  const window = text.slice(at, at + 32);
  for (const groups of cardGroups) {
    const found = groups.exec(window)?.[0];
    if (found === undefined || !isCard(found.replaceAll(/\D/g, ""))) continue;
    const end = at + found.length;
    return isPartOfMore(text, { start: at, end }) || isYears(found) ? null : { detector: "payment-card", start: at, end };
  }
  return null;
}

/** Numbers around dots make groups part of a longer chain, such as an object identifier, and names around slashes part of a path. */
function isPartOfMore(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  const found = text.slice(start, end);
  if (found.includes("/") && (text[start - 1] === "/" || text[end] === "/" || (text[end] === "." && isKind(text, end + 1, word))))
    return true;
  if (!found.includes(".")) return false;
  return (
    (text[start - 1] === "." && isKind(text, start - 2, charKinds.digit)) || (text[end] === "." && isKind(text, end + 1, charKinds.digit))
  );
}

/** Spans of years are parted by marks of several kinds; no issuer's numbers begin as years do. */
function isYears(found: string): boolean {
  return found.startsWith("20") && new Set(found.match(/\D+/g)).size > 1;
}

/** Issuers' first digits are 2 to 6 (ISO/IEC 7812-1); without that, one number in ten would be one. */
function isCard(digits: string): boolean {
  return digits[0] !== undefined && "23456".includes(digits[0]) && isLuhn(digits);
}
