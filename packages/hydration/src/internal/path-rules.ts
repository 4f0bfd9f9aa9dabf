import { normalizePath } from "@gov/schema";
import { foldPath } from "./fold-path.ts";

// C0 controls, DEL, C1 controls and lone surrogates have no place in a portable path, nor has what is not seen but makes two
// paths of one: soft hyphens, zero-width and direction marks, which some file systems ignore when they compare names.
// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\\\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;
const printableAscii = /^[ -[\]-~]*$/;
const drive = /^[A-Za-z]:/;

/** What is wrong with a whole path or path pattern; null when it is a relative POSIX path in NFC without `.` or `..`. */
export function patternProblem(text: string): string | null {
  if (text.length === 0) return "the path is empty";
  if (text.length > 4096) return "the path is longer than 4096 characters";
  if (text.startsWith("/")) return "the path is absolute: write it relative to the governed root";
  if (drive.test(text)) return "the path names a drive: write it relative to the governed root";
  if (unsafe.test(text)) return "the path holds a backslash, a control or invisible character or half a surrogate pair";
  if (text.normalize("NFC") !== text) return "the path is not in Unicode form NFC";
  for (const segment of text.split("/")) {
    const problem = segmentProblem(segment);
    if (problem !== null) return problem;
  }
  return null;
}

/**
 * What is wrong with a filled path as a whole, whose segments were judged one by one; null when it can be written. Values that are
 * sound by themselves can make a drive, a name that is too long, or with the text beside them a character that is not NFC.
 */
export function filledPathProblem(path: string): string | null {
  if (drive.test(path)) return "the path names a drive";
  // A shorter path is within every bound.
  if (path.length > 128 && !normalizePath(path).ok) return "the path is longer or deeper than any file system keeps";
  return printableAscii.test(path) || path.normalize("NFC") === path ? null : "the path is not in Unicode form NFC";
}

/** Names of files that no artifact may be sent to: command routing, which is read and never written, and the baseline of routing. */
const reservedNames = ["routing_matrix.json", "routing_effective.shadow.json"];

/** What is wrong with the file name of a path to write an artifact to; null when no other part of routing owns it. */
export function fileNameProblem(name: string): string | null {
  // Beyond ASCII one character may fold to several, such as a ligature.
  const isAscii = printableAscii.test(name);
  const reserved = reservedNames.find((one) => (one.length === name.length || !isAscii) && foldPath(name) === one);
  return reserved === undefined ? null : `no artifact may stand at "${reserved}"`;
}

/** What is wrong with one segment; null when it can stand between slashes. */
export function segmentProblem(segment: string): string | null {
  if (segment === "") return "the path has an empty segment";
  return segment === "." || segment === ".." ? `the path has the segment "${segment}"` : null;
}

/** What is wrong with the value of a parameter; null when it stays within its segment. */
export function valueProblem(value: string): string | null {
  if (value === "") return "is empty";
  if (value.includes("/")) return "holds a slash";
  if (printableAscii.test(value)) return null;
  if (unsafe.test(value)) return "holds a backslash, a control or invisible character or half a surrogate pair";
  return value.normalize("NFC") === value ? null : "is not in Unicode form NFC";
}
