import { lifecycleDiagram, stateMeanings } from "@gov/gates/lifecycle";
import type { LifecycleState } from "@gov/schema";
import { type Block, type Command, InputError, type Outcome, UsageError } from "../command.ts";
import { type Governed, loadGoverned } from "../root/load-governed.ts";
import { approvalsOf } from "../root/approvals.ts";
import { findArtifact } from "../root/path-in-root.ts";
import { rootFlags } from "../root/locate-root.ts";
import { readLog } from "../root/root-log.ts";
import { resolve } from "./resolve.ts";
import { route } from "./route.ts";

/** Explains an artifact, a lifecycle state or a gate under the rules in force. */
export const explain: Command = {
  usage: "<word>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov explain schema_lint", "gov explain PACKAGED", "gov explain lifecycle", "gov explain PLN-BE-2026-01-backlog"],
  async run(context, call) {
    const [word] = call.positionals;
    if (word === undefined) throw new UsageError("Missing what to explain: an artifact's id or path, a state, a gate, or lifecycle");
    const governed = await loadGoverned(context, call);
    const rule = explainRule(governed, word);
    if (rule !== null) return rule;
    const artifact = findArtifact(context, governed, word);
    if (artifact === null)
      throw new InputError("CLI_NOTHING_TO_EXPLAIN", `"${word}" is no artifact, state or gate here`, {
        hint: "gov status shows what there is",
      });
    const selection = await resolve.run(context, { ...call, positionals: [artifact.id], flags: { ...call.flags, explain: true } });
    const routed = governed.rules.routes === null ? null : await route.run(context, { ...call, positionals: [artifact.path] });
    const { directory } = governed.root;
    const records = await approvalsOf(context, directory, await readLog(context, directory));
    const approvals = records.filter(({ digest }) => digest === artifact.digest);
    return {
      data: {
        artifact: artifact.path,
        id: artifact.id,
        kind: artifact.kind,
        status: artifact.status,
        selection: selection.data,
        route: routed?.data ?? null,
        approvals,
      },
      findings: [...selection.findings, ...(routed?.findings ?? [])],
      view: [
        ...selection.view,
        ...(routed?.view ?? []),
        ...approvals.map(({ actor, role, purpose, isProven }): Block => {
          const text = `approved by ${actor} (${role}), for the ${purpose}${isProven ? "" : ", unverified"}`;
          return { type: "line", mark: isProven ? "pass" : "none", text };
        }),
      ],
    };
  },
};

function explainRule({ rules }: Governed, word: string): Outcome | null {
  const { preset, rulebook } = rules;
  if (word === "lifecycle")
    return lines({ lifecycle: preset.lifecycle.transitions }, lifecycleDiagram(preset.lifecycle).trimEnd().split("\n"));
  if (Object.hasOwn(stateMeanings, word)) {
    const meaning = stateMeanings[word as LifecycleState];
    const events = preset.lifecycle.transitions.filter(({ from }) => from === word);
    return lines({ state: word, meaning, events }, [
      `${word}: ${meaning}`,
      ...events.map(({ event, to }) => `${event} leads to ${to ?? "the end of the cycle"}`),
    ]);
  }
  if (!Object.hasOwn(rulebook.gates, word)) return null;
  const config = rulebook.gates[word];
  return lines({ gate: word, config }, [
    `${word} guards ${config?.triggers.map(({ from, to }) => `${from} → ${to}`).join(", ") ?? ""}`,
    ...(config?.validators ?? []).map(({ type, ...options }) =>
      `validator ${type} ${Object.keys(options).length === 0 ? "" : JSON.stringify(options)}`.trimEnd(),
    ),
    ...(config?.failure_action === undefined ? [] : [`when it fails: ${config.failure_action}`]),
  ]);
}

function lines(data: Outcome["data"], text: readonly string[]): Outcome {
  return { data, findings: [], view: [{ type: "lines", lines: text }] };
}
