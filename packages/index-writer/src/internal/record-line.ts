import { checkRecord, type IndexRecord, isIndexPath } from "../index-record.ts";

// A record in the one form it has in files: RFC 8785, with strings as `JSON.stringify` writes them. Matching it proves form and shape in one pass, several times
// faster than reading the JSON; no part can match in two ways, so the time is linear.
const text = String.raw`(?:[^"\\\x00-\x1f]|\\["\\bfnrt]|\\u00(?:0[0-7be-f]|1[0-9a-f]))`;
const filled = `"${text}+"`;
const open = `(?:null|"${text}*")`;
const list = String.raw`\[(?:"${text}*"(?:,"${text}*")*)?\]`;
const digest = String.raw`"sha256:[0-9a-f]{64}"`;
const status = String.raw`(?:null|"draft"|"review"|"approved")`;
const size = String.raw`(?:0|[1-9]\d{0,14})`;
const line = new RegExp(
  `^\\{"digest":${digest},"id":${filled},"kind":${filled},"owners":${list},"path":(${filled}),"size":${size},"status":${status},"tags":${list},"title":${open},"version":${open}\\}$`,
);

/** The canonical line of a record: its RFC 8785 form. */
export function lineOf({ digest, id, kind, owners, path, size, status, tags, title, version }: IndexRecord): string {
  // Names in their order; values have been checked to be well-formed strings and whole numbers, of which this is the canonical form.
  return JSON.stringify({ digest, id, kind, owners, path, size, status, tags, title, version });
}

/** The path of a line that is the canonical line of a valid record; null for any other text. */
export function pathOfLine(candidate: string): string | null {
  const quoted = line.exec(candidate)?.[1];
  if (quoted === undefined) return null;
  const path = quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  return isIndexPath(path) ? path : null;
}

/** The record of a canonical line. */
export function recordOfLine(canonical: string): IndexRecord {
  return checkRecord(JSON.parse(canonical));
}
