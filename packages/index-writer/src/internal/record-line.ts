import { checkRecord, type IndexRecord, isIndexPath } from "../index-record.ts";

// A record in the one form it has in files: RFC 8785, with strings as `JSON.stringify` writes them. Matching it proves form and shape in one pass, several times
// faster than reading the JSON; no part can match in two ways, so the time is linear.
const character = String.raw`[^"\\\x00-\x1f]`;

function lineExpression(): RegExp {
  // Runs of plain characters with escapes in between: a choice at each character would take twice the time.
  const text = String.raw`"${character}*(?:\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))${character}*)*"`;
  const filled = `(?!"")${text}`;
  const open = `(?:null|${text})`;
  const list = String.raw`\[(?:${text}(?:,${text})*)?\]`;
  const digest = String.raw`"sha256:[0-9a-f]{64}"`;
  const status = String.raw`(?:null|"draft"|"review"|"approved")`;
  const size = String.raw`(?:0|[1-9]\d{0,14})`;
  return new RegExp(
    `\\{"digest":${digest},"id":${filled},"kind":${filled},"owners":${list},"path":${filled},"size":${size},"status":${status},"tags":${list},"title":${open},"version":${open}\\}`,
    "y",
  );
}

const line = lineExpression();

/** What a change begins with that puts a line. */
export const putBegins = '{"op":"put","record":';

/** The canonical line of a record: its RFC 8785 form. */
export function lineOf({ digest, id, kind, owners, path, size, status, tags, title, version }: IndexRecord): string {
  // Names in their order; values have been checked to be well-formed strings and whole numbers, of which this is the canonical form.
  return JSON.stringify({ digest, id, kind, owners, path, size, status, tags, title, version });
}

/** The path of a line that is the canonical line of a valid record; null for any other text. */
export function pathOfLine(candidate: string): string | null {
  line.lastIndex = 0;
  if (!line.test(candidate) || line.lastIndex !== candidate.length) return null;
  const path = pathInLine(candidate);
  return isIndexPath(path) ? path : null;
}

/** The path in what is known to be a canonical line. */
export function pathInLine(canonical: string): string {
  // Inside of a string a quote has a backslash before it, so that this stands where the path begins and nowhere before.
  const start = canonical.indexOf(pathBegins, idBegins) + pathBegins.length;
  const spelled = canonical.slice(start, canonical.indexOf('"', start));
  return spelled.includes("\\") ? escapedPathAt(canonical, start) : spelled;
}

function escapedPathAt(canonical: string, start: number): string {
  return JSON.parse(`"${canonical.slice(start, canonical.indexOf('","size":', start))}"`) as string;
}

const pathBegins = ',"path":"';
const idBegins = `{"digest":"sha256:${"0".repeat(64)}",`.length;

/** The record of a canonical line. */
export function recordOfLine(canonical: string): IndexRecord {
  return checkRecord(JSON.parse(canonical));
}
