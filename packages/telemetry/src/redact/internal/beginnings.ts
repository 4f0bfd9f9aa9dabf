import type { DetectorName } from "../detectors.ts";
import { secretKeyEndings } from "./assigned-secret.ts";
import { wordDetectors } from "./secret-detectors.ts";

/** What stands for every character beyond ASCII, as every byte of one in UTF-8 does: it belongs to nothing that is looked for. */
export const beyondAscii = 128;
/** What stands behind the last character; no byte of UTF-8. */
export const endOfText = 255;

/** What two characters, one behind the other, can be the beginning or the middle of; `nothing` but for a few of them. */
export const beginning = {
  nothing: 0,
  /** The text has ended. */
  end: 1,
  /** A digit, and what can stand behind a number. */
  number: 2,
  /** An `@`. */
  address: 3,
  /** A `:` or `=` behind the last letter of a key, or what can stand between. */
  assignment: 4,
  /** A colon and a slash. */
  url: 5,
  /** A plus and a digit. */
  phone: 6,
  hyphens: 7,
  /** The first two letters of a token. */
  token: 8,
  /** The second letter of a country and a digit. */
  account: 9,
  /** The end of a key of JSON text. */
  key: 10,
  /** A backslash in JSON text. */
  escape: 11,
  /** A percent sign and the first digit of an `@` in an address of the web. */
  encoded: 12,
} as const;

/** Creates the table of what two characters can be: `table[(first << 8) | second]`. `between` may stand between a key and the mark that gives it a value. */
export function createBeginnings(enabled: ReadonlySet<DetectorName>, between: string): Uint8Array {
  const table = new Uint8Array(256 * 256);
  const set = (firsts: string, seconds: string, what: number): void => {
    for (const first of firsts) for (const second of seconds) table[(first.charCodeAt(0) << 8) | second.charCodeAt(0)] = what;
  };
  set(every, end, beginning.end);
  set(digits, `${noWord}_${end}`, beginning.number);
  if (enabled.has("resident-id")) set(digits, "Xx", beginning.number);
  if (enabled.has("email")) {
    set(every, "@", beginning.address);
    set("%", "4", beginning.encoded);
  }
  if (enabled.has("assigned-secret"))
    for (const letter of secretKeyEndings) set(letter + letter.toUpperCase() + between, ":=", beginning.assignment);
  if (enabled.has("url-credentials")) set(":", "/", beginning.url);
  if (enabled.has("phone")) set("+", "123456789", beginning.phone);
  if (enabled.has("private-key")) set("-", "-", beginning.hyphens);
  if (enabled.has("iban")) set(upper, digits, beginning.account);
  for (const [name, beginnings] of wordDetectors)
    if (enabled.has(name)) for (const letters of beginnings) set(letters.charAt(0), letters.charAt(1), beginning.token);
  return table;
}

/** The same for JSON text, where a quote before a colon ends a key, and a backslash may hide anything. */
export function createJsonBeginnings(enabled: ReadonlySet<DetectorName>): Uint8Array {
  const table = createBeginnings(enabled, " '");
  if (enabled.has("assigned-secret")) table[(0x22 << 8) | 0x3a] = beginning.key;
  for (let first = 0; first < 256; first++) table[(first << 8) | 0x5c] = beginning.escape;
  return table;
}

const every = String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code));
const end = String.fromCharCode(endOfText);
const digits = "0123456789";
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const noWord = [...every.slice(0, endOfText)].filter((char) => !/\w/.test(char)).join("");
