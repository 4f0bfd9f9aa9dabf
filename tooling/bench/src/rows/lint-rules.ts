import { collectEvidence, evaluateGates } from "@gov/gates";
import { checkDocuments, compileUserSchema, createKindRegistry, type Finding, parseDocument } from "@gov/schema";
import type { Peers } from "../peers.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";
import { below, type Random } from "../seeded-random.ts";

/** Rules over YAML documents, against the linter that is best known for them. */
export const lintRulesRows: readonly Row[] = [
  {
    id: "lint-rules",
    title: "Twelve rules over the YAML metadata of 600 proposals, read and judged",
    prepare: async (context) => prepare(context, "read"),
  },
  {
    id: "judge-rules",
    title: "The same twelve rules over the same metadata, read before",
    prepare: async (context) => prepare(context, "judge"),
  },
];

interface PlanText {
  readonly path: string;
  readonly text: string;
}

async function prepare({ random, peers, quick }: RowContext, part: "judge" | "read"): Promise<PreparedRow> {
  const plans = Array.from({ length: quick ? 60 : 600 }, (_, index) => planText(index, random));
  const spectral = await spectralLinter(plans, peers);
  const own = ownLinter(plans);
  const contenders = [
    { name: "@gov/gates evaluateGates", count: own[part] },
    { name: spectral.name, count: spectral[part] },
  ];
  const [faulty, theirs] = [await own[part](), await spectral[part]()];
  if (faulty === 0 || faulty !== theirs) throw new Error(`Cannot compare: the gate finds ${faulty} faulty documents, Spectral ${theirs}`);
  const done =
    part === "read"
      ? "Each reads YAML with the places of everything in it, and judges"
      : "Both hold the documents parsed, with their places; each judges";
  return {
    subject: "@gov/gates evaluateGates",
    contenders: contenders.map(({ name, count }) => ({ name, run: async () => void (await count()) })),
    rounds: quick ? 3 : 9,
    warmups: 1,
    notes: [
      `${plans.length} documents of ${plans[0]?.text.length ?? 0} characters in memory, ${faulty} of them faulty; both find the same number. ${done} presence, patterns, words of a list and lengths.`,
      "@gov/gates reads and validates with @gov/schema, and judges what was found as a gate; the rules are one JSON Schema. Spectral has one rule for each constraint, as its documentation advises.",
    ],
  };
}

/** Both ways of counting the faulty documents: reading them first, or with what was read before. */
type Linter = Readonly<Record<"judge" | "read", () => Promise<number>>>;

const statuses = ["provisional", "implementable", "implemented", "deferred", "rejected", "withdrawn", "replaced"];
const stages = ["alpha", "beta", "stable"];
const sigPattern = "^sig-[a-z-]+$";
const milestonePattern = "^v1\\.[0-9]+$";
const datePattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const present = [
  "title",
  "kep-number",
  "owning-sig",
  "status",
  "creation-date",
  "authors",
  "reviewers",
  "approvers",
  "stage",
  "milestone",
  "feature-gates",
];

const text = (pattern: string) => ({ type: "string", pattern });
const people = { type: "array", minItems: 1, items: text("^@[a-z0-9-]+$") };
const milestone = {
  type: "object",
  required: stages,
  properties: Object.fromEntries(stages.map((stage) => [stage, text(milestonePattern)])),
};
const featureGate = {
  type: "object",
  required: ["name", "components"],
  properties: { name: text("^[A-Z][A-Za-z]+$"), components: { type: "array", minItems: 1 } },
};
const schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  required: present,
  properties: {
    title: { type: "string", minLength: 1 },
    "kep-number": { type: "integer", minimum: 1 },
    "owning-sig": text(sigPattern),
    "participating-sigs": { type: "array", items: text(sigPattern) },
    status: { enum: statuses },
    "creation-date": text(datePattern),
    authors: people,
    reviewers: people,
    approvers: people,
    stage: { enum: stages },
    "latest-milestone": text(milestonePattern),
    milestone,
    "feature-gates": { type: "array", minItems: 1, items: featureGate },
  },
};

function ownLinter(plans: readonly PlanText[]): Linter {
  const encoder = new TextEncoder();
  const inputs = plans.map(({ path, text }) => ({ path, bytes: encoder.encode(text) }));
  const parsed = inputs.map((input) => {
    const document = parseDocument(input);
    if (!document.ok) throw new Error("Cannot compare: a document cannot be read");
    return { path: input.path, document: document.value };
  });
  const compiled = compileUserSchema(schema);
  if (!compiled.ok) throw new Error("Cannot compare: the schema cannot be compiled");
  const judge = async () =>
    countFaulty(
      parsed.map(({ path, document }) => ({
        path,
        findings: compiled.value(document.data).map(({ message, pointer }): Finding => {
          const place = document.locate(pointer);
          return { code: "SCHEMA_VIOLATION", severity: "error", message, path, line: place?.line ?? null, column: place?.column ?? null };
        }),
      })),
    );
  const read = async () => {
    const registry = createKindRegistry({ kinds: [{ name: "plan", include: ["**/*.yaml"], schema }] });
    if (!registry.ok) throw new Error(`Cannot register the kind: ${registry.findings.map(({ message }) => message).join(", ")}`);
    const checked = checkDocuments(inputs, registry.value);
    const findings = new Map<string, Finding[]>();
    for (const finding of checked.findings) findings.set(String(finding.path), [...(findings.get(String(finding.path)) ?? []), finding]);
    return countFaulty(checked.artifacts.map(({ path }) => ({ path, findings: findings.get(path) ?? [] })));
  };
  return { judge, read };
}

async function countFaulty(documents: readonly { readonly path: string; readonly findings: readonly Finding[] }[]): Promise<number> {
  const artifacts = documents.map(({ path, findings }) => ({
    id: path,
    kind: "plan",
    path,
    version: null,
    references: [],
    schema: "plan",
    findings,
  }));
  const evidence = await collectEvidence({ subject: "bench" }, { artifacts: async () => ({ value: artifacts, sources: [] }) });
  const report = evaluateGates(evidence, { schema_lint: { triggers: [], validators: [{ type: "json_schema" }] } });
  return new Set(report.findings.filter(({ severity }) => severity === "error").map(({ path }) => path)).size;
}

interface SpectralCore {
  readonly Spectral: new () => {
    readonly setRuleset: (ruleset: object) => void;
    readonly run: (document: object) => Promise<readonly { readonly severity: number }[]>;
  };
  readonly Document: new (text: string, parser: object, path: string) => object;
}
type SpectralFunctions = Readonly<Record<"enumeration" | "length" | "pattern" | "truthy", object>>;

async function spectralLinter(plans: readonly PlanText[], peers: Peers): Promise<Linter & { readonly name: string }> {
  const core = await loaded<SpectralCore>(peers, "@stoplight/spectral-core");
  const { enumeration, length, pattern, truthy } = await loaded<SpectralFunctions>(peers, "@stoplight/spectral-functions");
  const { Yaml } = await loaded<{ readonly Yaml: object }>(peers, "@stoplight/spectral-parsers");
  const rule = (given: string | readonly string[], then: object) => ({ given, severity: "error", then });
  const matches = (given: string | readonly string[], match: string) => rule(given, { function: pattern, functionOptions: { match } });
  const words = (given: string, values: readonly string[]) => rule(given, { function: enumeration, functionOptions: { values } });
  const filled = (given: string | readonly string[]) => rule(given, { function: length, functionOptions: { min: 1 } });
  const rules = {
    present: rule(
      "$",
      present.map((field) => ({ field, function: truthy })),
    ),
    sig: matches(["$.owning-sig", "$.participating-sigs[*]"], sigPattern),
    status: words("$.status", statuses),
    date: matches("$.creation-date", datePattern),
    people: matches(["$.authors[*]", "$.reviewers[*]", "$.approvers[*]"], "^@[a-z0-9-]+$"),
    "people-filled": filled(["$.authors", "$.reviewers", "$.approvers"]),
    stage: words("$.stage", stages),
    milestone: matches(["$.latest-milestone", "$.milestone.alpha", "$.milestone.beta", "$.milestone.stable"], milestonePattern),
    "milestone-present": rule(
      "$.milestone",
      stages.map((field) => ({ field, function: truthy })),
    ),
    "gates-filled": filled("$.feature-gates"),
    "gate-name": matches("$.feature-gates[*].name", "^[A-Z][A-Za-z]+$"),
    "gate-components": filled("$.feature-gates[*].components"),
  };
  const open = () => plans.map(({ path, text }) => new core.Document(text, Yaml, path));
  const parsed = open();
  const count = async (documents: readonly object[]): Promise<number> => {
    const spectral = new core.Spectral();
    spectral.setRuleset({ rules });
    let faulty = 0;
    for (const document of documents) if ((await spectral.run(document)).some(({ severity }) => severity === 0)) faulty++;
    return faulty;
  };
  return { name: await peers.label("@stoplight/spectral-core"), read: async () => count(open()), judge: async () => count(parsed) };
}

/** CommonJS packages give their exports as a default. */
async function loaded<T extends object>(peers: Peers, name: string): Promise<T> {
  const module = await peers.load<T & { readonly default?: T }>(name);
  return module.default ?? module;
}

/** As long and as wide as the metadata of an enhancement proposal; a third have one fault. */
function planText(index: number, random: Random): PlanText {
  const fault = below(random, 18);
  const person = () => `"@person-${below(random, 90)}"`;
  const lines = [
    `title: Proposal ${index}`,
    `kep-number: ${index + 1}`,
    `authors:\n  - ${person()}\n  - ${fault === 1 ? "nobody" : person()}`,
    `owning-sig: ${fault === 2 ? "node" : "sig-node"}`,
    "participating-sigs:\n  - sig-api-machinery\n  - sig-apps",
    `status: ${fault === 3 ? "finished" : "implementable"}`,
    `creation-date: "${fault === 4 ? "soon" : `2024-0${1 + below(random, 9)}-11`}"`,
    `reviewers: ${fault === 5 ? "[]" : `\n  - ${person()}\n  - ${person()}`}`,
    `approvers:\n  - ${person()}`,
    "see-also:\n  - /keps/sig-node/1234-other\n  - /keps/sig-apps/4321-another",
    "replaces: []",
    "stage: beta",
    "latest-milestone: v1.30",
    `milestone:\n  alpha: v1.2${below(random, 9)}\n  beta: v1.30\n  stable: ${fault === 6 ? "later" : "v1.32"}`,
    "feature-gates:\n  - name: BetterThings\n    components:\n      - kube-apiserver\n      - kubelet",
    "disable-supported: true",
    "metrics:\n  - things_total\n  - things_seconds",
  ];
  return { path: `keps/${index}/kep.yaml`, text: `${lines.join("\n")}\n` };
}
