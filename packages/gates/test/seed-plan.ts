import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Checklist, expandIds, type Plan } from "@gov/gates/plan";

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
