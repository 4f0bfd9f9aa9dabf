import { explainSelection, type Selection } from "@gov/hydration";
import { type Block, type Command, InputError, type Outcome } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadGoverned, selectArtifacts } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";

/** Says which of several documents with one id counts, and why the others lost; without an id, of every id. */
export const resolve: Command = {
  usage: "[id]",
  maxPositionals: 1,
  flags: { ...rootFlags, explain: { type: "boolean", description: "tell each document that lost, with the rule that decided" } },
  examples: ["gov resolve", "gov resolve PLN-BE-2026-01-story-map --explain", "gov resolve hydration_rules --format json"],
  async run(context, call) {
    const [id] = call.positionals;
    const selections = await selectArtifacts(context, await loadGoverned(context, call));
    const isExplained = call.flags["explain"] === true;
    if (id === undefined) return resolveAll([...selections.values()], isExplained);
    const selection = selections.get(id);
    if (selection === undefined)
      throw new InputError("CLI_UNKNOWN_ARTIFACT", `No document has the id "${id}"`, {
        hint: "gov status lists the kinds; ids stand in the metadata",
      });
    return {
      data: { id, outcome: selection.outcome, path: selection.winner?.path ?? null, rule: selection.rule, trace: selection.trace },
      findings: selection.findings,
      exitCode: selection.outcome === "selected" ? undefined : exitCodes.findings,
      view: viewOf(selection, isExplained),
    };
  },
};

function resolveAll(selections: readonly Selection[], isExplained: boolean): Outcome {
  const contested = selections.filter(({ outcome, trace }) => outcome !== "selected" || trace.length > 1);
  return {
    data: { selections },
    findings: selections.flatMap(({ findings }) => findings),
    view: [
      { type: "line", mark: "none", text: `${selections.length} ids, ${contested.length} of them with several documents` },
      ...contested.flatMap((selection) => viewOf(selection, isExplained)),
    ],
  };
}

function viewOf(selection: Selection, isExplained: boolean): readonly Block[] {
  // The findings are told by themselves.
  const lines = isExplained ? explainSelection({ ...selection, findings: [] }).slice(1) : [];
  return [verdict(selection), { type: "lines", lines: lines.map((line) => line.trimStart()) }];
}

function verdict({ id, winner, rule, trace }: Selection): Block {
  if (winner === null) return { type: "line", mark: "fail", text: `${id ?? ""}: no document is selected; a person has to decide` };
  const others = trace.length === 1 ? "" : `, before ${trace.length - 1} more`;
  return { type: "line", mark: "pass", text: `${winner.id} is ${winner.path}, by the rule ${rule ?? "identity"}${others}` };
}
