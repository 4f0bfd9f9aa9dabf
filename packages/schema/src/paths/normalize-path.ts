import { type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";

const maxLength = 4096;
const maxSegment = 255;
const maxSegments = 128;

/** True when a path is longer or deeper than any file system keeps; matchers rely on the bound. */
export function isOversizedPath(path: string): boolean {
  if (path.length <= maxSegments) return false;
  if (path.length > maxLength) return true;
  const segments = path.split("/");
  return segments.length > maxSegments || segments.some((segment) => segment.length > maxSegment);
}

/**
 * Gives a path its one spelling: POSIX separators, NFC, relative, no segment `.`, `..` or empty, no backslash and no control
 * character. What cannot be spelled so is refused, never repaired, so that no path leaves the root and none has two names.
 *
 * @example Refuse a path out of the root
 * ```ts
 * import assert from "node:assert/strict";
 * import { normalizePath } from "@gov/schema";
 *
 * assert.equal(normalizePath("plans/a.md").ok, true);
 * assert.equal(normalizePath("../a.md").ok, false);
 * ```
 */
export function normalizePath(text: string): Result<string> {
  // Judged as it will be spelled: a Kelvin sign becomes the letter of a drive.
  const value = text.normalize("NFC");
  const reason = pathFault(value);
  if (reason === null) return { ok: true, value, findings: [] };
  const expected = 'a relative path such as "plans/backlog.yaml"';
  return {
    ok: false,
    findings: [makeFinding("SCHEMA_PATH", `Cannot use path ${JSON.stringify(text.slice(0, 200))}: ${reason}`, { path: null, expected })],
  };
}

function pathFault(text: string): string | null {
  if (text === "") return "it is empty";
  if (isOversizedPath(text)) return `it exceeds ${maxLength} characters, ${maxSegments} segments or ${maxSegment} characters in one`;
  if (text.startsWith("/")) return "it is absolute";
  if (text.includes("\\")) return "it holds a backslash";
  if (/^[A-Za-z]:/.test(text)) return "it names a drive";
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return "it holds a control character";
  if (/\p{Surrogate}/u.test(text)) return "it holds half of a surrogate pair";
  const segment = text.split("/").find((part) => part === "" || part === "." || part === "..");
  if (segment === undefined) return null;
  return segment === "" ? "it has an empty segment" : `it has a segment "${segment}"`;
}
