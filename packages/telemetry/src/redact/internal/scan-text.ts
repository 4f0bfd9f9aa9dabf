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
/** The end of the text. */
const stop = 4;
/** By character; what is beyond ASCII begins nothing and stands as 128. */
const kindOf = new Uint8Array(256);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  kindOf[code] = /[A-Za-z_]/.test(char) ? letter : /[0-9]/.test(char) ? figure : ":=@+-".includes(char) ? mark : nothing;
}
const beyondAscii = 128;
const endOfText = 255;
kindOf[endOfText] = stop;

/**
 * Creates the scan of a set of detectors. It goes over each character once, in the way that costs least: the characters are laid out as bytes, a table says what one can
 * begin, within a word only its first two characters are looked at, since nothing begins in the middle of one; of a number only how long it is.
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
    const codes = layOut(text);
    for (let at = 0; ;) {
      let code = codes[at] as number;
      let kind = kindOf[code] as number;
      while (kind === nothing) {
        code = codes[++at] as number;
        kind = kindOf[code] as number;
      }
      if (kind === stop) return found;
      if (kind === mark) {
        at = scanMark(text, at, { code, add, addFound });
        continue;
      }
      const start = at;
      let behind = -1;
      if (kind === letter) {
        if (pairs[(code << 8) | (codes[++at] as number)] === 1)
          behind = scanWord(text, start, { tried: byFirst[code] ?? none, add, addFound });
      } else {
        while (kindOf[codes[at] as number] === figure) at++;
        if (canBeNumber(text, at, at - start)) behind = addFound(personalNumber(text, start));
      }
      if (behind > start) at = behind;
      else while (isOfWord[codes[at] as number] === 1) at++;
    }
  };
}

const isOfWord = kindOf.map((kind) => (kind === letter || kind === figure ? 1 : 0));
const most = 16_384;
const room = Buffer.alloc(3 * most + 1);

/** Lays out the characters of a text as bytes, one for each UTF-16 code unit, and one for the end. */
function layOut(text: string): Uint8Array {
  const { length } = text;
  if (length <= most && room.write(text, 0, "utf8") === length) {
    // As many bytes as characters: plain ASCII.
    room[length] = endOfText;
    return room;
  }
  const codes = length < room.length ? room : new Uint8Array(length + 1);
  for (let index = 0; index < length; index++) codes[index] = Math.min(text.charCodeAt(index), beyondAscii);
  codes[length] = endOfText;
  return codes;
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
  const table = new Uint8Array(128 * 256);
  for (const [name, beginning] of wordDetectors) if (enabled.has(name)) table[(beginning.charCodeAt(0) << 8) | beginning.charCodeAt(1)] = 1;
  if (enabled.has("iban")) for (let a = 65; a <= 90; a++) for (let b = 65; b <= 90; b++) table[(a << 8) | b] = 1;
  return table;
}

function isFigure(code: number): boolean {
  return code >= 48 && code <= 57;
}
