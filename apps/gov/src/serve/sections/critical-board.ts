import type { Answer } from "../ask.ts";
import { markup, type Markup } from "../markup.ts";
import { recordsAt, recordsOf, textOf } from "../read-data.ts";

/** Critical=0: for each cycle, how much of what the gates found is critical. A cycle whose gates could not be asked is not zero. */
export function drawCriticalBoard(answers: readonly Answer[]): Markup {
  if (answers.length === 0) return markup`<p class="line none">No cycle has begun.</p>`;
  return markup`<div class="cards">
    ${answers.map((answer) => {
      const count = criticalCount(answer);
      return markup`<article class="card">
        <h3>${answer.argv[1] ?? ""}</h3>
        <p class="figure ${count === 0 ? "pass" : "fail"}">${count ?? "?"}</p>
        <p>${count === null ? "its gates could not be evaluated" : count === 0 ? "critical: nothing open" : "critical: open"}</p>
      </article>`;
    })}
  </div>`;
}

/** How many findings the critical gates of an answer have; null when they were not judged. */
function criticalCount(answer: Answer): number | null {
  const validators = recordsAt(answer, "gates")
    .flatMap((gate) => recordsOf(gate["validators"]))
    .filter((validator) => textOf(validator, "type") === "critical_zero");
  if (validators.length === 0 || validators.some((validator) => !["PASS", "FAIL", "WAIVED"].includes(textOf(validator, "outcome"))))
    return null;
  return validators.flatMap((validator) => recordsOf(validator["findings"])).filter((finding) => textOf(finding, "severity") === "error")
    .length;
}
