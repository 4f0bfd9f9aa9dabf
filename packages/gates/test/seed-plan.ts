import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Checklist, expandIds, type Plan, type SpecPlan } from "@gov/gates/plan";

const folder = new URL("../../../../shared/seeds/", import.meta.url);

/** Text of one of the plans the project was given; null where they do not stand beside the checkout. */
export function seedText(number: string): string | null {
  const name = existsSync(folder) ? readdirSync(folder).find((file) => file.startsWith(`${number}_`)) : undefined;
  if (name !== undefined) return readFileSync(new URL(name, folder), "utf8");
  if ((process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("corpora"))
    throw new Error("Cannot read the seeds: GOV_TEST_REQUIRE asks for corpora");
  return null;
}

const refsOf = (cell: string) => cell.split(";").map((ref) => ref.trim());

/** Reads the first plan of a text: enough Markdown for the tests, no more. */
export function planOf(text: string, path: string): Plan {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => line.startsWith("<!-- Reporting Rules") || line.includes("<Project/Initiative>"));
  const plan = { path, tasks: [] as Plan["tasks"][number][], phases: [] as Plan["phases"][number][], items: [] as Plan["items"][number][] };
  const traces: NonNullable<Plan["traceability"]>[number][] = [];
  lines.slice(0, end < 0 ? undefined : end).forEach((raw, index) => {
    const line = index + 1;
    const row = raw.split("|").map((cell) => cell.trim());
    if (/^T-\d+$/.test(row[1] ?? "")) {
      plan.tasks.push({
        id: row[1] as string,
        description: row[2] as string,
        owner: row[3] as string,
        prerequisites: expandIds(row[6] as string),
        priority: row[7] as string,
        sourceRefs: refsOf(row[8] as string),
        estimate: null,
        acceptanceCriteria: [],
        slo: null,
        line,
      });
    }
    const phase = /^(?:- |### )Phase (\w+) — /.exec(raw)?.[1];
    if (phase !== undefined) plan.phases.push({ id: phase, tasks: [], line });
    const last = plan.phases.at(-1);
    if (last !== undefined && /^ *- (?:Exit Criteria|Tasks):/.test(raw))
      plan.phases[plan.phases.length - 1] = { ...last, tasks: expandIds(raw).filter((id) => id.startsWith("T-")) };
    const [left = "", right = ""] = raw.replace(/^ *- /, "").split("→");
    if (/^(?:R|NEW-RISK)-\d+ $/.test(left)) plan.items.push({ id: left.trim(), tasks: expandIds(right), isAcknowledged: false, line });
    const trace = /^ *- (T-\d+) ↔ (.*)$/.exec(raw);
    if (trace !== null) traces.push({ task: trace[1] as string, sourceRefs: refsOf(trace[2] as string), line });
    if (/^ *- Summary_Report:/.test(raw)) {
      const known = new Set(plan.items.map(({ id }) => id));
      for (const id of expandIds(raw)) if (!known.has(id)) plan.items.push({ id, tasks: null, isAcknowledged: id.startsWith("A-"), line });
    }
  });
  return { ...plan, traceability: traces.length === 0 ? null : traces };
}

/** Reads every checkbox of a text. */
export function checklistOf(text: string, path: string): Checklist {
  const items = text.split("\n").flatMap((raw, index) => {
    const match = /^( *)- \[([ x])\] (?:([0-9]+(?:\.[0-9]+)*) )?(.*)$/.exec(raw);
    if (match === null) return [];
    const [, indent = "", mark, id, title = ""] = match;
    return [{ id: id ?? null, title, isChecked: mark === "x", depth: indent.length / 2, sourceRefs: [], line: index + 1 }];
  });
  return { path, items };
}

/** Reads a plan of specifications: enough of its Markdown for the tests, no more. */
export function specPlanOf(text: string, path: string): SpecPlan {
  const specs: { id: string; title: string; phases: string[]; reliesOn: string[]; gates: string[]; builds: string[]; line: number }[] = [];
  const stages: SpecPlan["stages"][number][] = [];
  const chain: SpecPlan["chain"][number][] = [];
  const measures: SpecPlan["measures"][number][] = [];
  text.split("\n").forEach((raw, index) => {
    const line = index + 1;
    const heading = /^### Spec (Q[0-9.]+) – (.*)$/.exec(raw);
    if (heading !== null) {
      const [, id = "", title = ""] = heading;
      const phases = [...title.matchAll(/\bP[0-9]+(?:\.[0-9]+)?\b/g)].map(([phase]) => phase);
      specs.push({ id, title, phases, reliesOn: [], gates: [], builds: [], line });
    }
    const spec = specs.at(-1);
    if (raw.startsWith("Relies On:")) spec?.reliesOn.push(...(raw.split("Enables")[0]?.match(/Q[0-9]+\.[0-9]+/g) ?? []));
    if (raw.startsWith("Exit Step (")) spec?.gates.push(...(raw.slice(0, raw.indexOf(")")).match(/G[0-9]+(?:\.[0-9]+)?/g) ?? []));
    if (raw.trim().startsWith("- Impl:"))
      spec?.builds.push(...[...raw.matchAll(/`(af [a-z ]+)`/g)].map(([, command]) => command as string));
    const stage = /^- (Q[0-9]) \(.*?\) – [^:]*: (.*)$/.exec(raw);
    if (stage !== null) {
      const [, id = "", rest = ""] = stage;
      const ranges = [...rest.matchAll(/P([0-9.]+)–P([0-9.]+)/g)].map(([, from, to]) => [Number(from), Number(to)] as const);
      stages.push({ id, ranges, topics: (/\((.*)\)$/.exec(rest)?.[1] ?? "").split(", "), line });
    }
    if (raw.startsWith("Q1.1 →")) {
      const ids = raw.match(/Q[0-9]+\.[0-9]+/g) ?? [];
      ids.slice(1).forEach((to, place) => chain.push({ from: ids[place] as string, to, line }));
    }
    const measure = /(?:≥|minimum )([0-9]+)%[^.]*critical path/.exec(raw);
    if (measure !== null) measures.push({ name: "coverage of the critical path", value: Number(measure[1]), line });
  });
  return { path, specs, stages, chain, measures };
}
