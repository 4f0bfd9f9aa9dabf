import { type Finding, parseDocument } from "@gov/schema";
import { lintLogRecord } from "@gov/telemetry/metrics";

/** More than this is no list that anybody mends; what follows is not judged, and that is said. */
const maxFindings = 10_000;

/** What the lines of a log are found to be. */
export interface LintedLog {
  /** Lines judged, empty ones aside. */
  readonly lines: number;
  readonly findings: readonly Finding[];
}

/** Judges each line of a log as one JSON record with the field names of the Elastic Common Schema (TEL-13). */
export function lintLog({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): LintedLog {
  const findings: Finding[] = [];
  let judged = 0;
  for (const { line, content } of linesOf(bytes)) {
    if (findings.length >= maxFindings) {
      findings.push({
        ...{ code: "CLI_LOG_NOT_FINISHED", severity: "error", path, line, column: null },
        message: `Nothing was judged from here on, after ${findings.length} findings`,
        hint: "mend what was found, and lint again",
      });
      break;
    }
    judged += 1;
    const parsed = parseDocument({ path, bytes: content }, { format: "json" });
    const found = parsed.ok ? [...parsed.findings, ...lintLogRecord(parsed.value.data)] : parsed.findings;
    for (const one of found) findings.push({ ...one, path, line });
  }
  return { lines: judged, findings };
}

const lineFeed = 0x0a;

/** The lines that say something. The bytes stay as they are, so that one that is no UTF-8 is found where it stands. */
function* linesOf(bytes: Uint8Array): Generator<{ readonly line: number; readonly content: Uint8Array }> {
  for (let [line, start] = [1, 0]; start < bytes.length; line += 1) {
    const end = bytes.indexOf(lineFeed, start);
    const content = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (content.some((byte) => byte > 0x20)) yield { line, content };
    start = end === -1 ? bytes.length : end + 1;
  }
}
