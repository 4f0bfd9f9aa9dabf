import { createRedactor } from "@gov/telemetry/redact";
import { generateLogLines } from "../fixtures/log-lines.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Redacting what is about to be written. */
export const redactTextsRows: readonly Row[] = [
  { id: "redact-log-lines", title: "20,000 log lines redacted, one in twenty with something to hide", prepare: prepareLines },
];

/** The same rules as one would write them down: an expression each, tried one after the other. Checksums are left out, which is faster. */
const expressions: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[^]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{82,})\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bAIza[A-Za-z0-9_-]{35}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bxox[abpr]-[A-Za-z0-9-]{10,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}\b/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /\b(?:bearer|basic) +[A-Za-z0-9._~+/=-]{8,}/gi,
  /(?<=:\/\/)[^\s/:@]{1,128}:[^\s/@]{1,128}(?=@)/g,
  /\b[a-z0-9_-]*(?:password|passwd|secret|token|api[_-]?key|credential)s?["']?\s*[:=]\s*["']?[^\s"',;]{6,}/gi,
  /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,}\b/g,
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g,
  /\b(?:\d[ -]?){13,19}\b/g,
  /(?<!\w)\+\d(?:[ ()-]?\d){7,14}\b/g,
  /\b\d{17}[\dX]\b/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
];

async function prepareLines({ random, quick }: RowContext): Promise<PreparedRow> {
  const { lines, leaks } = generateLogLines(quick ? 2_000 : 20_000, { random });
  const { redactText } = createRedactor();
  const naive = (text: string): string => expressions.reduce((rest, expression) => rest.replace(expression, "[redacted]"), text);
  const leaked = leaks.filter(({ line, leak }) => redactText(line).text.includes(leak) || naive(line).includes(leak));
  if (leaked.length > 0) throw new Error(`Cannot compare: ${leaked.length} of ${leaks.length} get out of one of them`);
  return {
    subject: "@gov/telemetry createRedactor",
    contenders: [
      { name: "@gov/telemetry createRedactor", operations: lines.length, run: () => void lines.map((line) => redactText(line).text) },
      {
        name: `${expressions.length} regular expressions, one after the other`,
        operations: lines.length,
        run: () => void lines.map(naive),
      },
    ],
    rounds: quick ? 5 : 15,
    warmups: 2,
    notes: [
      `${lines.length} lines of ${Math.round(lines.join("").length / lines.length)} characters, ${leaks.length} with something to hide, which gets out of neither; milliseconds per line.`,
      "The expressions check no checksums, so they also take harmless numbers; they are bounded, or one line could take seconds.",
    ],
  };
}
