import type { Cost } from "./budget.ts";
import type { Outcome } from "./checks.ts";

/** Returns a renderer of outcomes, one line each; a failure's whole detail stands below the first line that has it, later ones refer to it. */
export function createRenderer(): (outcome: Outcome) => string {
  const shown = new Map<string, string>();
  return ({ check, passed, detail, ms }) => {
    const line = [check.node.padEnd(8), check.subject.padEnd(18), check.name.padEnd(34), `${Math.round(ms)} ms`.padStart(8)].join(" ");
    if (passed) return `ok   ${line}  ${detail}`;
    const first = shown.get(detail);
    if (first !== undefined) return `FAIL ${line}  as ${first}`;
    shown.set(detail, [check.subject, check.name, check.node].filter((one) => one !== "-").join(", "));
    return `FAIL ${line}\n${detail.replaceAll(/^/gm, "       ")}`;
  };
}

const none = "none";

/** Renders what each package costs beside its budget. */
export function renderCosts(costs: readonly Cost[]): string {
  const rows = [...costs]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map((cost) => [
      cost.name,
      `${cost.packedBytes} / ${cost.budget?.packedBytes ?? none}`,
      String(cost.unpackedBytes),
      `${cost.dependencies} / ${cost.budget?.dependencies ?? none}`,
      `${cost.importMs.toFixed(0)} / ${cost.budget?.importMs ?? none}`,
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
