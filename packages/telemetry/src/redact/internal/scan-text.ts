import type { DetectorName, Redaction } from "../detectors.ts";
import { assignedSecret } from "./assigned-secret.ts";
import { beginning, beyondAscii, createBeginnings, endOfText } from "./beginnings.ts";
import { email } from "./email.ts";
import { iban, personalNumber, phone } from "./personal-detectors.ts";
import { canBeginToken, type Detect, privateKey, urlCredentials, wordDetectors } from "./secret-detectors.ts";
import { charKinds, isKind, skipKindBack, word } from "./text-scan.ts";

/** Finds what detectors see in a text; a list only where there is something. */
export type ScanText = (text: string) => Redaction[] | null;

/**
 * Creates the scan of a set of detectors. It goes over each character once, in the way that costs least: the characters are laid out as bytes, and a table tells of
 * each two of them whether to look closer there; for most one need not.
 */
export function createScan(enabled: ReadonlySet<DetectorName>): ScanText {
  return scanWith(createBeginnings(enabled, ` \\"'`), enabled);
}

/** The same for JSON text without escapes, but for what its keys name: there a quote before a colon ends a key. */
export function createJsonScan(enabled: ReadonlySet<DetectorName>): ScanText {
  return scanWith(createBeginnings(enabled, " '"), enabled);
}

function scanWith(table: Uint8Array, enabled: ReadonlySet<DetectorName>): ScanText {
  const byFirst = firstTable(enabled);
  return (text) => {
    const codes = layOut(text);
    let found: Redaction[] | null = null;
    // Where the last thing ended that nothing else can begin in.
    let from = 0;
    for (let at = nextBeginning(table, codes, 0); ; at = nextBeginning(table, codes, at)) {
      const what = table[((codes[at - 1] ?? 0) << 8) | (codes[at] as number)] as number;
      if (what === beginning.end) return found;
      const whole = lookForWhole(text, at, { what, codes, from, byFirst });
      if (whole !== null && enabled.has(whole.detector)) {
        (found ??= []).push(whole);
        from = whole.end;
        if (from > at) {
          at = from;
          continue;
        }
      }
      const part = lookForPart(text, at, { what, from });
      if (part !== null) (found ??= []).push(part);
      // A number may end where the text does.
      if (codes[at] === endOfText) return found;
      at++;
    }
  };
}

/** Returns the first place from here on that is worth a closer look; a loop of its own, which the engine makes the best of. */
function nextBeginning(table: Uint8Array, codes: Uint8Array, from: number): number {
  let first = from === 0 ? 0 : (codes[from - 1] as number);
  for (let at = from; ; at++) {
    const second = codes[at] as number;
    if (table[(first << 8) | second] !== beginning.nothing) return at;
    first = second;
  }
}

interface Look {
  /** What the characters before and at this place can be. */
  readonly what: number;
  /** Nothing begins before. */
  readonly from: number;
}

/** Looks for what is one thing from its beginning to its end. */
function lookForWhole(
  text: string,
  at: number,
  { what, codes, from, byFirst }: Look & { readonly codes: Uint8Array; readonly byFirst: readonly Tried[] },
): Redaction | null {
  switch (what) {
    case beginning.number:
    case beginning.address:
      return canEndNumber(codes, at, { start: 0, next: codes[at] as number }) ? numberBefore(text, at, from) : null;
    case beginning.token:
      return startsWord(codes, at - 1, from) && canBeginToken(codes, at - 1)
        ? token(text, at - 1, byFirst[codes[at - 1] as number] as Tried)
        : null;
    case beginning.account:
      return startsWord(codes, at - 2, from) ? iban(text, at - 2) : null;
    case beginning.hyphens: {
      const end = at - 1 >= from ? privateKey(text, at - 1) : -1;
      return end < 0 ? null : { detector: "private-key", start: at - 1, end };
    }
    default:
      return null;
  }
}

/** Looks for what stands around or behind a mark, where other things can begin too. */
function lookForPart(text: string, at: number, { what, from }: Look): Redaction | null {
  switch (what) {
    case beginning.address:
      return named("email", email(text, at));
    case beginning.encoded:
      return text[at + 1] === "0" ? named("email", email(text, at - 1, at + 2)) : null;
    case beginning.assignment:
      return named("assigned-secret", assignedSecret(text, at));
    case beginning.url:
      return at - 1 >= from ? named("url-credentials", urlCredentials(text, at - 1)) : null;
    case beginning.phone:
      return at - 1 >= from && !isKind(text, at - 2, word) ? phone(text, at - 1) : null;
    default:
      return null;
  }
}

function named(detector: DetectorName, span: { readonly start: number; readonly end: number } | null): Redaction | null {
  return span === null ? null : { detector, start: span.start, end: span.end };
}

/** True when a word can begin here, and not before `from`. */
export function startsWord(codes: Uint8Array, at: number, from: number): boolean {
  return at === from || (at > from && isOfWord[codes[at - 1] as number] === 0);
}

function token(text: string, at: number, tried: Tried): Redaction | null {
  for (const [detector, detect] of tried) {
    const end = detect(text, at);
    if (end >= 0) return { detector, start: at, end };
  }
  return null;
}

/**
 * False where the digit before this place surely ends no number that names somebody, in a text that begins at `start`; `next` stands behind the digit. Cards and
 * identity numbers have 13 digits or more; shorter runs count only in groups.
 */
export function canEndNumber(codes: Uint8Array, at: number, { start, next }: { readonly start: number; readonly next: number }): boolean {
  const length = at - start;
  if (length < 3 || !isDigit(codes[at - 2]) || !isDigit(codes[at - 3])) return false;
  // The beginning of a date has no hyphen and no digit there.
  if (length === 3 || !isDigit(codes[at - 4])) return next === 0x2d && codes[at + 3] === 0x2d;
  // Beyond ASCII stands what parts groups in some number of bytes.
  if (length === 4 || !isDigit(codes[at - 5]))
    return (isGroupMark(next) || (next >= beyondAscii && next < endOfText)) && isDigit(codes[at + 3]) && isDigit(codes[at + 4]);
  return length >= 13 && isDigit(codes[at - 13]) && isDigit(codes[at - 9]);
}

function numberBefore(text: string, at: number, from: number): Redaction | null {
  const start = skipKindBack(text, at, { mask: charKinds.digit, most: at - from });
  return start === from || !isKind(text, start - 1, word) ? personalNumber(text, start) : null;
}

/** Space, hyphen, dot, slash, underscore. */
function isGroupMark(code: number): boolean {
  return code === 0x20 || (code >= 0x2d && code <= 0x2f) || code === 0x5f;
}

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= 48 && code <= 57;
}

const isOfWord = Uint8Array.from({ length: 256 }, (_, code) => (code < beyondAscii && /\w/.test(String.fromCharCode(code)) ? 1 : 0));

type Tried = readonly (readonly [name: DetectorName, detect: Detect])[];

function firstTable(enabled: ReadonlySet<DetectorName>): readonly Tried[] {
  return Array.from({ length: 128 }, (_, code) =>
    wordDetectors.flatMap(([name, beginnings, detect]) =>
      enabled.has(name) && beginnings.some((letters) => letters.charCodeAt(0) === code) ? [[name, detect] as const] : [],
    ),
  );
}

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
