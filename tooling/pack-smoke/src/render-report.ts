import type { Cost } from "./budget.ts";
import type { Outcome } from "./checks.ts";

/** Renders one outcome as one line, and a failure's whole detail below it. */
export function renderOutcome({ check, passed, detail, ms }: Outcome): string {
  const line = [
    passed ? "ok  " : "FAIL",
    check.node.padEnd(8),
    check.subject.padEnd(18),
    check.name.padEnd(30),
    `${Math.round(ms)} ms`.padStart(8),
  ];
  return passed ? `${line.join(" ")}  ${detail}` : `${line.join(" ")}\n${detail.replaceAll(/^/gm, "       ")}`;
}

/** Renders what each package costs beside its budget. */
export function renderCosts(costs: readonly Cost[]): string {
  const rows = [...costs]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map((cost) => [
      cost.name,
      `${cost.packedBytes} / ${cost.budget.packedBytes}`,
      String(cost.unpackedBytes),
      `${cost.dependencies} / ${cost.budget.dependencies}`,
      `${cost.importMs.toFixed(0)} / ${cost.budget.importMs}`,
    ]);
  const table = [["package", "packed bytes / budget", "unpacked bytes", "dependencies / budget", "import ms / expected"], ...rows];
  const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Renders the closing line that continuous integration reads. */
export function renderSummary(outcomes: readonly Outcome[]): string {
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  return `${passed} passed, ${outcomes.length - passed} failed`;
}
