import type { DetectorName, Redaction } from "../detectors.ts";
import { assignedSecret } from "./assigned-secret.ts";
import { email, type Found, iban, personalNumber, phone } from "./personal-detectors.ts";
import { type Detect, privateKey, urlCredentials, wordDetectors } from "./secret-detectors.ts";
import { isKind, word } from "./text-scan.ts";

/** Finds what detectors see in a text; a list only where there is something. */
export type ScanText = (text: string) => Redaction[] | null;

/** What a character can begin. */
const nothing = 0;
const letter = 1;
const figure = 2;
const mark = 3;
const kindOf = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  kindOf[code] = /[A-Za-z_]/.test(char) ? letter : /[0-9]/.test(char) ? figure : ":=@+-".includes(char) ? mark : nothing;
}

/**
 * Creates the scan of a set of detectors. It goes over each character once, in the way that costs least: within a word only its first two characters are looked at, since
 * nothing begins in the middle of one; of a number only how long it is.
 */
export function createScan(enabled: ReadonlySet<DetectorName>): ScanText {
  const byFirst = firstTable(enabled);
  const pairs = pairTable(enabled);
  return (text) => {
    let found: Redaction[] | null = null;
    const add = (detector: DetectorName, span: { readonly start: number; readonly end: number } | null): number => {
      if (span === null || !enabled.has(detector)) return -1;
      (found ??= []).push({ detector, start: span.start, end: span.end });
      return span.end;
    };
    const addFound = (one: Found | null): number => (one === null ? -1 : add(one.name, one));
    const length = text.length;
    for (let at = 0; at < length;) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? (kindOf[code] as number) : nothing;
      if (kind === nothing) {
        at++;
        continue;
      }
      if (kind === mark) {
        at = scanMark(text, at, { code, add, addFound });
        continue;
      }
      const start = at;
      let end = -1;
      if (kind === letter) {
        const next = text.charCodeAt(at + 1);
        if (next < 128 && pairs[(code << 7) | next] === 1) end = scanWord(text, at, { tried: byFirst[code] ?? none, add, addFound });
        at++;
      } else {
        while (at < length && isFigure(text.charCodeAt(at))) at++;
        if (canBeNumber(text, at, at - start)) end = addFound(personalNumber(text, start));
      }
      if (end > start) at = end;
      else while (at < length && isWordCode(text.charCodeAt(at))) at++;
    }
    return found;
  };
}

type Add = (detector: DetectorName, span: { readonly start: number; readonly end: number } | null) => number;
type AddFound = (one: Found | null) => number;

function scanMark(
  text: string,
  at: number,
  { code, add, addFound }: { readonly code: number; readonly add: Add; readonly addFound: AddFound },
): number {
  switch (code) {
    case 0x3a:
      if (text.charCodeAt(at + 1) === 0x2f) add("url-credentials", urlCredentials(text, at));
      add("assigned-secret", assignedSecret(text, at));
      break;
    case 0x3d:
      add("assigned-secret", assignedSecret(text, at));
      break;
    case 0x40:
      addFound(email(text, at));
      break;
    case 0x2b:
      if (!isKind(text, at - 1, word)) addFound(phone(text, at));
      break;
    default:
      if (text.charCodeAt(at + 1) === 0x2d) {
        const end = privateKey(text, at);
        if (end > at && add("private-key", { start: at, end }) > 0) return end;
      }
  }
  return at + 1;
}

function scanWord(
  text: string,
  at: number,
  { tried, add, addFound }: { readonly tried: Tried; readonly add: Add; readonly addFound: AddFound },
): number {
  for (const [name, detect] of tried) {
    const end = detect(text, at);
    if (end >= 0) return add(name, { start: at, end });
  }
  return isFigure(text.charCodeAt(at + 2)) ? addFound(iban(text, at)) : -1;
}

/** Cards and identity numbers have 13 digits or more; shorter runs count only in groups. */
function canBeNumber(text: string, end: number, length: number): boolean {
  if (length < 3 || (length > 4 && length < 13)) return false;
  if (length > 4) return true;
  const next = text.charCodeAt(end);
  return next === 0x2d || (length === 4 && next === 0x20);
}

type Tried = readonly (readonly [name: DetectorName, detect: Detect])[];
const none: Tried = [];

function firstTable(enabled: ReadonlySet<DetectorName>): readonly (Tried | undefined)[] {
  const table: (readonly [DetectorName, Detect])[][] = [];
  for (const [name, beginning, detect] of wordDetectors)
    if (enabled.has(name)) (table[beginning.charCodeAt(0)] ??= []).push([name, detect]);
  return Array.from({ length: 128 }, (_, code) => table[code]);
}

/** Which two characters can begin something; a bank account number begins with any two upper-case letters. */
function pairTable(enabled: ReadonlySet<DetectorName>): Uint8Array {
  const table = new Uint8Array(128 * 128);
  for (const [name, beginning] of wordDetectors) if (enabled.has(name)) table[(beginning.charCodeAt(0) << 7) | beginning.charCodeAt(1)] = 1;
  if (enabled.has("iban")) for (let a = 65; a <= 90; a++) for (let b = 65; b <= 90; b++) table[(a << 7) | b] = 1;
  return table;
}

function isFigure(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordCode(code: number): boolean {
  return code < 128 && ((kindOf[code] as number) === letter || (kindOf[code] as number) === figure);
}
