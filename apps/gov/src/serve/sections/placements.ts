import type { Answer } from "../ask.ts";
import { markup, type Markup } from "../markup.ts";
import { recordsAt, textOf } from "../read-data.ts";
import { table } from "../render-blocks.ts";

/** Every artifact that counts: where it stands, where it belongs, and the route that says so. */
export function drawPlacements(answers: readonly Answer[]): Markup {
  const placements = answers.flatMap((answer) => recordsAt(answer, "placements"));
  if (placements.length === 0) return markup`<p class="line none">Nothing has been selected.</p>`;
  return table(
    "Artifacts and their places",
    ["Artifact", "Stands at", "Belongs to", "Route"],
    placements.map((placement) => {
      const [from, to] = [textOf(placement, "from"), textOf(placement, "to")];
      const place = from === to ? markup`the same` : to === "" ? markup`no route` : markup`<span class="badge warning">${to}</span>`;
      return [textOf(placement, "artifact"), markup`<code>${from}</code>`, place, textOf(placement, "rule")];
    }),
  );
}
