/** How much a finding weighs: an `error` fails a check, a `warning` fails a strict one, a `note` informs. */
export type Severity = (typeof severities)[number];

/** Every severity, heaviest first. */
export const severities = ["error", "warning", "note"] as const;

/** One precise observation about a document: what, where, and what to do. */
export interface Finding {
  /** Stable, globally unique, `SCREAMING_SNAKE_CASE`; callers switch on it, never on the message. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** POSIX path relative to the governed root, or null when the finding has no file. */
  readonly path: string | null;
  /** 1-based line, or null without a place. */
  readonly line: number | null;
  /** 1-based column in UTF-16 code units, or null without a place. */
  readonly column: number | null;
  /** What would have been right. */
  readonly expected?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** A place in a text, both 1-based; columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The expected outcome of reading something: a value with remarks, or every reason why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Orders findings by path, line, column, code and message, by code unit, so that reports are the same everywhere. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.path ?? "", b.path ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
