import { type Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { cycleData, cycleIds, cycleState } from "../root/cycle-log.ts";
import { indexState } from "../root/index-state.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { countBy } from "../count-by.ts";
import { readLog } from "../root/root-log.ts";

/** Shows artifacts, rulebook, index, cycles and log on one screen; changes nothing. */
export const status: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov status", "gov status governance --format json"],
  async run(context, call) {
    const governed = await loadGoverned(context, call, call.positionals[0]);
    const { root, documents, rules } = governed;
    const log = await readLog(context, root.directory);
    const cycles = cycleIds(log).map((id) => cycleState(governed, log, id));
    const index = await indexState(context, governed);
    const errors = documents.findings.filter(({ severity }) => severity === "error").length;
    const kinds = Object.fromEntries(countBy(documents.artifacts.map(({ kind }) => kind)));
    const statuses = Object.fromEntries(countBy(documents.artifacts.map((artifact) => artifact.status ?? "none")));
    return {
      data: {
        artifacts: documents.artifacts.length,
        kinds,
        statuses,
        errors,
        preset: rules.preset.name,
        rulebookHash: rules.hash,
        index,
        log: { entries: log.entries.length, head: log.entries.at(-1)?.hash ?? null },
        cycles: cycles.map(cycleData),
      },
      findings: cycles.flatMap(({ findings }) => findings),
      exitCode: index === "damaged" ? exitCodes.integrity : undefined,
      view: [
        {
          type: "values",
          rows: [
            ["artifacts", `${documents.artifacts.length}: ${describe(statuses)}`],
            ["kinds", describe(kinds)],
            ["findings", errors === 0 ? "no error" : `${errors} error${errors === 1 ? "" : "s"}: gov check`],
            ["rulebook", `preset ${rules.preset.name}, ${rules.hash}`],
            ["index", index === "damaged" ? "damaged: gov index builds it anew" : index],
            ["log", `${log.entries.length} entr${log.entries.length === 1 ? "y" : "ies"}`],
            [
              "cycles",
              cycles.length === 0
                ? "none"
                : cycles.map(({ entityId, state, isComplete }) => `${entityId} ${isComplete ? "complete" : (state ?? "")}`).join(", "),
            ],
          ],
        },
      ],
    };
  },
};

function describe(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([word, count]) => `${count} ${word}`)
    .join(", ");
}
