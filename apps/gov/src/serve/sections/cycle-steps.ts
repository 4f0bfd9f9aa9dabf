import { stateMeanings } from "@gov/gates/lifecycle";
import type { Answer } from "../ask.ts";
import { markup, type Markup } from "../markup.ts";
import { recordsAt, textOf } from "../read-data.ts";

const states: readonly string[] = Object.keys(stateMeanings);

/** Each cycle as its six states, with the one it is in. */
export function drawCycleSteps([answer]: readonly Answer[]): Markup {
  const cycles = recordsAt(answer, "cycles");
  if (cycles.length === 0) return markup`<p class="line none">No cycle has begun.</p>`;
  return markup`<div class="cards">
    ${cycles.map((cycle) => {
      const [id, state] = [textOf(cycle, "id"), textOf(cycle, "state")];
      const done = cycle["isComplete"] === true;
      const at = done ? states.length : states.findIndex((name) => name === state);
      return markup`<article class="card">
        <h3>${id}</h3>
        <ol class="steps">
          ${states.map(
            (name, index) =>
              markup`<li class="${index < at ? "done" : index === at ? "now" : "next"}" ${index === at ? markup`aria-current="step"` : null}>${name}</li>`,
          )}
        </ol>
        ${done ? markup`<p>Complete.</p>` : null}
      </article>`;
    })}
  </div>`;
}
