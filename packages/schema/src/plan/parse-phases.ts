import type { PlanPhase } from "../rules.ts";
import { type MarkdownLine, plainText } from "./markdown-lines.ts";
import { listItems, taskIds } from "./task-ids.ts";

/**
 * The phases of a plan: headings `### Phase A — Controls` or items `- Phase 0 — Finalization`, each with its entrance and exit criteria.
 * Tasks stand under `Tasks:`; without such a line they are the ids that the exit criteria name.
 */
export function parsePhases(lines: readonly MarkdownLine[]): readonly PlanPhase[] {
  const phases: { id: string; title: string; line: number; entrance: string[]; exit: string[]; tasks: string[] | null }[] = [];
  for (const { line, text, heading } of lines) {
    const item = plainText(/^\s*[-*+][ \t]+(\S.*)$/.exec(text)?.[1] ?? "");
    const named = /^phase[ \t]+([A-Za-z0-9.]{1,16})[ \t]*(?:[-–—:][ \t]*)?(.*)$/i.exec(heading === "" ? item : heading);
    if (named !== null) {
      const [, id = "", title = ""] = named;
      phases.push({ id, title: title === "" ? `Phase ${id}` : title, line, entrance: [], exit: [], tasks: null });
      continue;
    }
    const phase = phases.at(-1);
    const [, key, value = ""] = /^(entrance|exit|tasks)(?:[ \t]+criteria)?[ \t]*:[ \t]*(.*)$/i.exec(item) ?? [];
    if (phase === undefined || key === undefined) continue;
    if (key.toLowerCase() === "tasks") (phase.tasks ??= []).push(...taskIds(value));
    else for (const item of listItems(value.replace(/\.$/, ""))) phase[key.toLowerCase() === "exit" ? "exit" : "entrance"].push(item);
  }
  return phases.map((phase) => ({ ...phase, tasks: phase.tasks ?? [...taskIds(phase.exit.join(" "))] }));
}
