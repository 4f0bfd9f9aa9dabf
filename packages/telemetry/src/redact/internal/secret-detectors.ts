import { alphanumeric, base64Url, charKinds, isKind, skipKind, token68, word } from "./text-scan.ts";

/** Looks for one thing that begins at a place; returns where it ends, or -1. Every look is bounded, so that a text costs time in proportion to its length. */
export type Detect = (text: string, at: number) => number;

/** A token with a fixed beginning, and how its rest may look. */
function prefixed(prefix: string, { mask, least, most }: { readonly mask: number; readonly least: number; readonly most: number }): Detect {
  return (text, at) => {
    if (!text.startsWith(prefix, at)) return -1;
    const start = at + prefix.length;
    const end = skipKind(text, start, { mask, most: most + 1 });
    return end - start >= least && end - start <= most ? end : -1;
  };
}

/** Secrets that begin where a word begins, by their first three characters. */
export const wordDetectors: readonly (readonly [name: SecretName, beginnings: readonly string[], detect: Detect])[] = [
  ["aws-access-key", ["AKI", "ASI"], awsKey],
  ["google-api-key", ["AIz"], prefixed("AIza", { mask: base64Url, least: 35, most: 35 })],
  ["github-token", ["ghp", "gho", "ghu", "ghs", "ghr", "git"], githubToken],
  ["gitlab-token", ["glp"], prefixed("glpat-", { mask: base64Url, least: 20, most: 64 })],
  ["npm-token", ["npm"], prefixed("npm_", { mask: alphanumeric, least: 36, most: 36 })],
  ["slack-token", ["xox"], slackToken],
  ["payment-key", ["sk_", "rk_"], paymentKey],
  ["api-key", ["sk-"], prefixed("sk-", { mask: base64Url, least: 20, most: 200 })],
  ["json-web-token", ["eyJ"], jsonWebToken],
  ["authorization", [...spellings("bea"), ...spellings("bas")], authorization],
];

const tokenBeginnings: ReadonlySet<number> = new Set(
  wordDetectors.flatMap(([, beginnings]) => beginnings.map((letters) => codeOfThree(Buffer.from(letters), 0))),
);

/** False where the characters from here on are surely not the first three of a token. */
export function canBeginToken(codes: Uint8Array, at: number): boolean {
  return tokenBeginnings.has(codeOfThree(codes, at));
}

function codeOfThree(codes: Uint8Array, at: number): number {
  return ((codes[at] as number) << 16) | ((codes[at + 1] as number) << 8) | (codes[at + 2] as number);
}

/** A word in every mixture of capital and small letters. */
function spellings(word: string): readonly string[] {
  return [...word].reduce<readonly string[]>((all, letter) => all.flatMap((one) => [one + letter, one + letter.toUpperCase()]), [""]);
}

/** Names of the secrets found by their shape. */
export type SecretName =
  | "api-key"
  | "authorization"
  | "aws-access-key"
  | "github-token"
  | "gitlab-token"
  | "google-api-key"
  | "json-web-token"
  | "npm-token"
  | "payment-key"
  | "slack-token";

const keyBegin = "-----BEGIN ";
const keyEnd = "-----END ";
const keyWords = "PRIVATE KEY-----";
const maxKeyLength = 16_384;

/** A PEM private key (RFC 7468); one whose end is missing is taken to reach as far as a key can. */
export function privateKey(text: string, at: number): number {
  if (!text.startsWith(keyBegin, at)) return -1;
  const label = text.slice(at + keyBegin.length, at + keyBegin.length + 48);
  const labelEnd = label.indexOf(keyWords);
  if (labelEnd < 0 || label.slice(0, labelEnd).includes("-")) return -1;
  const window = text.slice(at, at + maxKeyLength);
  const end = window.indexOf(keyEnd);
  const close = end < 0 ? -1 : window.indexOf("-----", end + keyEnd.length);
  return close < 0 ? at + window.length : at + close + 5;
}

/** User and password in an address: what stands between `://` and `@` when there is a colon in it (RFC 3986, section 3.2.1). */
export function urlCredentials(text: string, at: number): { readonly start: number; readonly end: number } | null {
  if (!text.startsWith("://", at)) return null;
  const start = at + 3;
  let colon = -1;
  for (let index = start; index < text.length && index < start + 512; index++) {
    const char = text[index] as string;
    if (char === "@") return colon > 0 && index > colon + 1 ? { start, end: index } : null;
    if (char === ":" && colon < 0) colon = index;
    if (/[\s/?#"'<>]/.test(char)) return null;
  }
  return null;
}

function awsKey(text: string, at: number): number {
  if (!text.startsWith("AKIA", at) && !text.startsWith("ASIA", at)) return -1;
  const end = skipKind(text, at + 4, { mask: charKinds.upper | charKinds.digit, most: 17 });
  return end === at + 20 && !isKind(text, end, word) ? end : -1;
}

const githubPat = prefixed("github_pat_", { mask: word, least: 22, most: 255 });

function githubToken(text: string, at: number): number {
  const end = githubPat(text, at);
  if (end >= 0) return end;
  if (text[at + 1] !== "h" || text[at + 3] !== "_" || !"pousr".includes(text[at + 2] ?? " ")) return -1;
  const tokenEnd = skipKind(text, at + 4, { mask: alphanumeric, most: 252 });
  return tokenEnd - at - 4 >= 36 && tokenEnd - at - 4 < 252 ? tokenEnd : -1;
}

function slackToken(text: string, at: number): number {
  if (!text.startsWith("xox", at) || !"abeoprs".includes(text[at + 3] ?? " ") || text[at + 4] !== "-") return -1;
  const end = skipKind(text, at + 5, { mask: alphanumeric | charKinds.hyphen, most: 250 });
  return end - at - 5 >= 10 ? end : -1;
}

function paymentKey(text: string, at: number): number {
  if (text[at + 1] !== "k" || text[at + 2] !== "_") return -1;
  const start = text.startsWith("live_", at + 3) || text.startsWith("test_", at + 3) ? at + 8 : -1;
  const end = start < 0 ? -1 : skipKind(text, start, { mask: alphanumeric, most: 247 });
  return end - start >= 10 ? end : -1;
}

/** Two or three parts of base64url, the first of which is a JSON object (RFC 7515, section 3.1). */
function jsonWebToken(text: string, at: number): number {
  if (!text.startsWith("eyJ", at)) return -1;
  let end = at;
  for (let part = 0; part < 3; part++) {
    const start = end;
    end = skipKind(text, start, { mask: base64Url, most: 8192 });
    if (part < 2 && (text[end] !== "." || end - start < 4)) return -1;
    if (part < 2) end++;
  }
  return end;
}

function authorization(text: string, at: number): number {
  const scheme = /^(?:bearer|basic) {1,4}/i.exec(text.slice(at, at + 11))?.[0];
  if (scheme === undefined) return -1;
  const start = at + scheme.length;
  const end = skipKind(text, start, { mask: token68, most: 8192 });
  // Prose goes on with a short word; a token is long, or at least no plain word.
  const token = text.slice(start, end);
  return token.length >= 16 || (token.length >= 8 && /[0-9=+/]/.test(token)) ? end : -1;
}
