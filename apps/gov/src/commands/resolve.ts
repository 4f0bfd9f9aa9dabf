import { explainSelection, type Selection } from "@gov/hydration";
import { type Command, InputError, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadGoverned, selectArtifacts } from "../root/load-governed.ts";
import { rootFlags } from "../root/open-root.ts";

/** Says which of several documents with one id counts, and why the others lost. */
export const resolve: Command = {
  usage: "<id>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov resolve PLN-BE-2026-01-story-map", "gov resolve hydration_rules --format json"],
  async run(context, call) {
    const [id] = call.positionals;
    if (id === undefined) throw new UsageError("Missing the id of an artifact");
    const selections = await selectArtifacts(context, await loadGoverned(context, call));
    const selection = selections.get(id);
    if (selection === undefined)
      throw new InputError("CLI_UNKNOWN_ARTIFACT", `No document has the id "${id}"`, {
        hint: "gov status lists the kinds; ids stand in the metadata",
      });
    return {
      data: { id, outcome: selection.outcome, path: selection.winner?.path ?? null, rule: selection.rule, trace: selection.trace },
      findings: selection.findings,
      exitCode: selection.outcome === "selected" ? undefined : exitCodes.findings,
      view: [verdict(id, selection), { type: "lines", lines: explainSelection(selection) }],
    };
  },
};

function verdict(
  id: string,
  { winner, rule }: Selection,
): { readonly type: "line"; readonly mark: "pass" | "fail"; readonly text: string } {
  if (winner === null) return { type: "line", mark: "fail", text: `${id}: no document is selected; a person has to decide` };
  return { type: "line", mark: "pass", text: `${id} is ${winner.path}, by the rule ${rule ?? "identity"}` };
}
