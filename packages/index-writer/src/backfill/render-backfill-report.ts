import type { BackfillChange, BackfillPlan } from "./plan-backfill.ts";

const titles: Readonly<Record<Exclude<BackfillChange, "none">, string>> = {
  rewrite: "Rewritten",
  move: "Moved",
  rewrite_and_move: "Rewritten and moved",
  remove_copy: "Copies removed",
};

/** The report of a migration as Markdown (IDX-15): the same text for a dry run and for the run that follows it, when nothing changes in between. */
export function renderBackfillReport(plan: BackfillPlan): string {
  const { steps, skipped, put, remove, findings } = plan;
  const changes = Object.entries(titles).map(([change, title]) => ({ title, found: steps.filter((step) => step.change === change) }));
  const counts = changes.map(({ title, found }) => `| ${title} | ${found.length} |`);
  const unchanged = steps.filter(({ change }) => change === "none").length;
  const lists = changes.flatMap(({ title, found }) =>
    section(
      title,
      found.map(({ from, to }) => (from === to ? code(from) : `${code(from)} → ${code(to)}`)),
    ),
  );
  return [
    "# Migration",
    "",
    "| documents | count |",
    "| --- | --- |",
    ...counts,
    `| Unchanged | ${unchanged} |`,
    `| Not governed | ${skipped.length} |`,
    `| With findings | ${findings.length} |`,
    `| Records put | ${put.length} |`,
    `| Records removed | ${remove.length} |`,
    "",
    ...lists,
    ...section(
      "Findings",
      findings.map(
        ({ severity, code: name, path, message, hint }) =>
          `${severity} ${name} ${path === null ? "" : code(path)}: ${oneLine(message)}${hint === undefined ? "" : ` (${oneLine(hint)})`}`,
      ),
    ),
  ].join("\n");
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${title}`, "", ...items.map((item) => `- ${item}`), ""];
}

function code(path: string): string {
  return `\`${oneLine(path).replaceAll("`", "'")}\``;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
