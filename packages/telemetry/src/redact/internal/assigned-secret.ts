import { charKinds, skipKindBack, word } from "./text-scan.ts";

const secretKeys: ReadonlySet<string> = new Set([
  ...["password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey", "accesstoken", "authtoken", "refreshtoken"],
  ...["secretkey", "secretaccesskey", "awssecretaccesskey", "privatekey", "signingkey", "encryptionkey", "clientsecret", "credential"],
  ...["credentials", "authorization", "proxyauthorization", "cookie", "setcookie", "xapikey", "xauthtoken"],
  ...["connectionstring", "databasepassword", "dbpassword"],
  ...["sessiontoken", "bearertoken", "idtoken", "webhooksecret", "apisecret", "npmtoken", "githubtoken", "gitlabtoken", "slacktoken"],
]);
const keyTails = ["password", "passwd", "secret", "token", "apikey", "secretkey", "privatekey", "accesskey"];

/** True when what stands under this key is a secret: `DB_PASSWORD`, `client-secret`, `accessToken`; not `token_count`. */
export function isSecretKey(key: string): boolean {
  if (key.length > 64) return false;
  const plain = key.toLowerCase().replaceAll(/[-_ .]/g, "");
  return (
    secretKeys.has(plain) || keyTails.some((tail) => plain.length > tail.length && plain.endsWith(tail) && /[-_ .A-Z]/.test(key.slice(1)))
  );
}

/** The value that a `=` or `:` at this place gives to a key that names a secret, without its quotes. */
export function assignedSecret(text: string, at: number): { readonly start: number; readonly end: number } | null {
  const before = text.charCodeAt(at - 1);
  // Most colons follow a digit or a word of prose; only a few endings can be those of a secret's key.
  if (before >= 48 && before <= 57) return null;
  const keyEnd = skipBackOver(text, at);
  if (keyEnd < 3 || !endings.has(endingAt(text, keyEnd))) return null;
  const keyStart = skipKindBack(text, keyEnd, { mask: word | charKinds.hyphen, most: 65 });
  if (keyEnd - keyStart < 3 || !isSecretKey(text.slice(keyStart, keyEnd))) return null;
  let start = at + 1;
  while (start < at + 5 && (text[start] === " " || text[start] === ">" || text[start] === "\\")) start++;
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : undefined;
  if (quote !== undefined) start++;
  const limit = Math.min(text.length, start + 4096);
  let end = quote === undefined ? endOfBare(text, start, limit) : endOfQuoted(text, start, { quote, limit });
  if (quote === undefined && text[at] === ":" && !placeholders.test(text.slice(start, end)))
    end += restOfHeader(text.slice(keyStart, keyEnd), text.slice(start, limit), end - start);
  while (end > start && text[end - 1] === "\\") end--;
  const value = text.slice(start, end);
  return value.length < 3 || placeholders.test(value) ? null : { start, end };
}

/** How much more of a header than its first word is secret: what follows on a scheme, one cookie behind the other. */
function restOfHeader(key: string, value: string, end: number): number {
  const rest = value.slice(end);
  if (/authorization$/i.test(key))
    return (/^[a-z][\w-]*$/i.test(value.slice(0, end)) && /^ {1,4}[^\s,;&"'<>)}\]]+/.exec(rest)?.[0].length) || 0;
  return (/cookie$/i.test(key) && /^[^\s;"'<>)}\]]*(?:; ?[\w.-]{1,64}=[^\s;"'<>)}\]]*)*/.exec(rest)?.[0].length) || 0;
}

/** Last three letters of every key that can name a secret, as one number. */
const endings: ReadonlySet<number> = new Set([...secretKeys, ...keyTails].map((key) => endingAt(key, key.length)));

/** Last letters of such keys, in lower case. */
export const secretKeyEndings: ReadonlySet<string> = new Set([...secretKeys, ...keyTails].map((key) => key.charAt(key.length - 1)));

/** Those in capital letters too, what may stand behind, and what only the text of a key tells. */
const lastLetters = Uint8Array.from({ length: 256 }, (_, code) =>
  code > 127 || isMark(code) || secretKeyEndings.has(String.fromCharCode(code | 32)) ? 1 : 0,
);

function endingAt(text: string, end: number): number {
  return (((text.charCodeAt(end - 3) | 32) * 256 + (text.charCodeAt(end - 2) | 32)) * 256 + (text.charCodeAt(end - 1) | 32)) | 0;
}

/** True when a key of JSON text without escapes and white space names a secret. */
export function hasSecretKey(json: string): boolean {
  for (let end = json.indexOf('":'); end >= 0; end = json.indexOf('":', end + 2)) {
    const ending = plainEndingAt(json, end);
    if (ending !== null && !endings.has(ending)) continue;
    if (isSecretKey(json.slice(json.lastIndexOf('"', end - 1) + 1, end))) return true;
  }
  return false;
}

/** The same as `endingAt` of what is left of a key when the marks within it are taken out; null where only lower case tells. */
function plainEndingAt(text: string, end: number): number | null {
  let ending = 0;
  let found = 0;
  for (let at = end - 1; found < 24; at--) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return 0;
    // The Kelvin sign is a K in lower case.
    if (code > 127) return null;
    if (isMark(code)) continue;
    ending |= (code | 32) << found;
    found += 8;
  }
  return ending;
}

/** Hyphen, underscore, space, dot. */
function isMark(code: number): boolean {
  return code === 0x2d || code === 0x5f || code === 0x20 || code === 0x2e;
}

/** False when the key whose closing quote stands here surely names no secret. */
export function mayEndSecretKey(bytes: Uint8Array, end: number): boolean {
  // Most keys are told apart by their last letter.
  if (lastLetters[bytes[end - 1] as number] === 0) return false;
  let ending = 0;
  let found = 0;
  for (let at = end - 1; found < 24; at--) {
    const code = bytes[at] as number;
    if (code === 0x22) return false;
    if (code > 127) return true;
    if (isMark(code)) continue;
    ending |= (code | 32) << found;
    found += 8;
  }
  return endings.has(ending);
}

/** What stands where a secret would, and is none. */
const placeholders =
  /^(?:\[redacted|\$\{|\$\(|\{\{|<[a-z]|null$|none$|true$|false$|undefined$|string$|required$|optional$|missing$|expired$|\*+$)/i;

// One search for all of it: in a text of nothing but keys every look goes as far as it may.
function endOfBare(text: string, start: number, limit: number): number {
  const found = text.slice(start, limit).search(/[\s,;&"'<>)}\]]/);
  return found < 0 ? limit : start + found;
}

function endOfQuoted(text: string, start: number, { quote, limit }: { readonly quote: string; readonly limit: number }): number {
  let end = start;
  for (; end < limit; end++) {
    const char = text[end];
    if (char === quote || char === "\n" || char === "\r") break;
    if (char === "\\" && text[end + 1] !== quote) end++;
  }
  return Math.min(end, limit);
}

/** Quotes, backslashes and spaces between a key and what gives it a value, up to four. */
function skipBackOver(text: string, at: number): number {
  let index = at;
  for (; index > 0 && index > at - 4; index--) {
    const code = text.charCodeAt(index - 1);
    if (code !== 0x22 && code !== 0x27 && code !== 0x5c && code !== 0x20) break;
  }
  return index;
}
