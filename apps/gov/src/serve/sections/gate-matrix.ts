import type { Answer } from "../ask.ts";
import { markup, type Markup } from "../markup.ts";
import { recordsAt, textOf } from "../read-data.ts";
import { table } from "../render-blocks.ts";

/** Every gate of every cycle with its outcome. */
export function drawGateMatrix(answers: readonly Answer[]): Markup {
  if (answers.length === 0) return markup`<p class="line none">No cycle has begun.</p>`;
  const names = [...new Set(answers.flatMap((answer) => recordsAt(answer, "gates").map((gate) => textOf(gate, "name"))))].sort();
  return table(
    "Outcome of each gate, by cycle",
    ["Cycle", ...names],
    answers.map((answer) => {
      const gates = new Map(recordsAt(answer, "gates").map((gate) => [textOf(gate, "name"), textOf(gate, "outcome")]));
      return [answer.argv[1] ?? "", ...names.map((name) => outcomeBadge(gates.get(name) ?? "–"))];
    }),
  );
}

function outcomeBadge(outcome: string): Markup {
  const tone = outcome === "PASS" ? "pass" : outcome === "WAIVED" || outcome === "PENDING" ? "warning" : outcome === "–" ? "note" : "error";
  return markup`<span class="badge ${tone}">${outcome}</span>`;
}
