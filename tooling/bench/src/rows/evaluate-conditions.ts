import { collectEvidence, evaluateGates } from "@gov/gates";
import { compileGovernance, governanceRules, type GovernanceRules, type GovernedSubject } from "@gov/gates/governance";
import { digestBytes } from "@gov/schema/canonical";
import { coerceTags } from "@gov/schema/expression";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { pick, type Random } from "../seeded-random.ts";

/** Conditions through the gate engine, against the evaluator alone. */
export const evaluateConditionsRows: readonly Row[] = [
  { id: "evaluate-conditions", title: "500,000 conditions: 50 rules over 10,000 artifacts, as one gate", prepare },
];

const levels = [0, 1, 2, 3] as const;
const classes = ["public", "internal", "confidential", "restricted"] as const;

async function prepare({ random, quick }: RowContext): Promise<PreparedRow> {
  const count = quick ? 1_000 : 10_000;
  const rules = rulesOf(50);
  const subjects = Array.from({ length: count }, (_, index) => subjectOf(index, random));
  const governed = async () => ({ value: { rules, subjects }, sources: [] });
  const evidence = await collectEvidence({ subject: "bench", asOf: "2026-01-10" }, { governed });
  const gates = { governance: { triggers: [], validators: [{ type: "governance_rules" }] } };
  const validators = new Map([[governanceRules.type, governanceRules]]);
  const compiled = compileGovernance(rules);
  if (!compiled.ok) throw new Error("Cannot compare: the rules do not compile");
  const conditions = compiled.value.rules.map(({ condition }) => condition);
  const inputs = subjects.map(({ tags }) => {
    const coerced = coerceTags(tags, rules.tags);
    if (!coerced.ok) throw new Error("Cannot compare: the tags are none");
    return { tags: coerced.value };
  });
  const bare = (): number => {
    let holding = 0;
    for (const input of inputs)
      for (const condition of conditions) {
        const result = condition.evaluate(input);
        if (result.ok && result.value) holding++;
      }
    return holding;
  };
  const report = evaluateGates(evidence, gates, { validators });
  // Every rule that holds is violated by the subjects without an audit trail, and by no other.
  const violating = subjects.filter(({ auditTrail }) => auditTrail === "none").length;
  if (report.outcome !== "FAIL" || new Set(report.findings.map(({ path }) => path)).size > violating || bare() === 0)
    throw new Error("Cannot compare: the gate does not see what the conditions say");
  return {
    subject: "@gov/gates evaluateGates",
    contenders: [
      { name: "@gov/gates evaluateGates", run: () => void evaluateGates(evidence, gates, { validators }) },
      { name: "bare evaluator: the same conditions over tags that were read before", run: () => void bare() },
    ],
    rounds: quick ? 5 : 21,
    warmups: 3,
    notes: [
      `${count * conditions.length} evaluations; ${bare()} hold. The gate also reads the tags of each subject, checks what the rules that hold require, and makes a report of ${report.findings.length} findings.`,
      "The ratio is the bare evaluator over the gate: 0.5 means that the gate takes twice as long.",
    ],
  };
}

function rulesOf(count: number): GovernanceRules {
  const conditions = Array.from({ length: count }, (_, index) => {
    const level = levels[index % levels.length];
    const kind = classes[(index * 7) % classes.length];
    return index % 3 === 0 ? `tags.criticality == ${level} && tags.data_classification == '${kind}'` : `tags.stream == 'stream-${index}'`;
  });
  return {
    tags: [
      { name: "criticality", values: [...levels], default: 2 },
      { name: "data_classification", values: [...classes], default: "internal" },
      { name: "stream", values: [], default: "none" },
    ],
    rules: Object.fromEntries(
      conditions.map((condition, index) => [
        `rule_${String(index).padStart(2, "0")}`,
        { condition, requirements: [{ audit_trail: "standard" }] },
      ]),
    ),
  };
}

function subjectOf(index: number, random: Random): GovernedSubject {
  return {
    id: `A-${index}`,
    path: `plans/${index}.md`,
    tags: [
      { key: "criticality", value: String(pick(levels, random)) },
      { key: "data_classification", value: pick(classes, random) },
      { key: "stream", value: `stream-${index % 60}` },
    ],
    digest: digestBytes(new TextEncoder().encode(String(index))),
    authors: ["ada"],
    approvals: [],
    emergencyContact: null,
    rollbackPlan: null,
    auditTrail: index % 100 === 0 ? "none" : "standard",
    documentation: [],
    scheduledFor: null,
    freezes: [],
  };
}
