import { compileGovernance, type GovernanceRules, simulatePolicy } from "@gov/gates/governance";
import { type Block, type Command, InputError, UsageError } from "../command.ts";
import { gateChanges } from "../root/gate-changes.ts";
import { governedSubjects, rolloutFlags } from "../root/governed-subjects.ts";
import { ruleDocuments } from "../root/load-documents.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { requireRules } from "../root/load-rules.ts";
import { rootFlags } from "../root/locate-root.ts";
import { withRulebook } from "../root/with-rulebook.ts";

/** Says what would change under another rulebook, for every document and every cycle; nothing is applied. */
export const policySimulate: Command = {
  usage: "<rulebook>",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov policy simulate proposed.yaml", "gov policy simulate rulebook.next.yaml --format json"],
  async run(context, call) {
    const [file] = call.positionals;
    if (file === undefined) throw new UsageError("Missing the rulebook to simulate");
    const governed = await loadGoverned(context, call);
    const proposed = { ...governed, rules: requireRules(governed.root, await withRulebook(context, governed, file)) };
    const { artifacts } = governed.documents;
    const rules = new Set(ruleDocuments(governed.root, artifacts));
    // Rules are not judged by themselves; everything else is.
    const subjects = await governedSubjects(
      context,
      governed,
      artifacts.filter((artifact) => !rules.has(artifact)),
    );
    const [before, after] = [governed, proposed].map((one) => compiled(one.rules.rulebook.governance));
    const world = { asOf: context.clock.now(), flags: rolloutFlags(governed) };
    const documents = simulatePolicy(subjects, { current: before as Compiled, proposed: after as Compiled, ...world });
    const cycles = await gateChanges(context, governed, proposed);
    const rows = [
      ...documents.flatMap(({ subject, wasCompliant, wouldBeCompliant, added, removed }) => [
        [subject, compliance(wasCompliant), compliance(wouldBeCompliant)],
        ...added.map(({ message }) => ["", "", `+ ${message}`]),
        ...removed.map(({ message }) => ["", "", `- ${message}`]),
      ]),
      ...cycles.map(({ cycle, gate, from, to }) => [`${cycle} ${gate}`, from ?? "no such gate", to ?? "no such gate"]),
    ];
    const same = governed.rules.hash === proposed.rules.hash;
    const none = same ? "The rules are the same" : "The rules differ, and nothing would change for what is here";
    const view: Block =
      rows.length === 0 ? { type: "line", mark: "pass", text: none } : { type: "table", head: ["what", "now", "then"], rows };
    const total = `${String(documents.length)} of ${String(subjects.length)} documents and ${String(cycles.length)} gates would be judged otherwise`;
    return {
      data: { rulebook: governed.rules.hash, proposed: proposed.rules.hash, documents, gates: cycles },
      findings: [],
      view: [view, { type: "line", mark: "none", text: total }],
    };
  },
};

type Compiled = Parameters<typeof simulatePolicy>[1]["current"];

function compiled(rules: GovernanceRules): Compiled {
  const result = compileGovernance(rules);
  if (result.ok) return result.value;
  throw new InputError("CLI_RULES_UNUSABLE", "Cannot use the governance rules", { findings: result.findings });
}

function compliance(isCompliant: boolean): string {
  return isCompliant ? "compliant" : "not compliant";
}
