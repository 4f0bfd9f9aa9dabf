import type { DigestContent } from "@gov/schema";
import type { DigestModel, DigestReference, JudgedKpi } from "../plan-digest.ts";
import { escapeMarkdown, escapeName } from "./escape-markdown.ts";

/** What stands where nothing is known. */
export const missing = "n/a";

/** One section as it is written. */
export type Section = DigestContent["sections"][number];

/** Returns a section: its lines between empty ones. */
export function section(title: string, level: number, lines: readonly string[]): Section {
  return { title, level, text: `\n${lines.join("\n")}\n\n` };
}

/** Returns the mark of a KPI's verdict. */
export function statusOf({ isMet }: Pick<JudgedKpi, "isMet">): string {
  return isMet === null ? missing : isMet ? "✅" : "❌";
}

/** Returns the gates with outcome and evidence. */
export function gatesOf({ gates }: Pick<DigestModel, "gates">): DigestContent["gates"] {
  return gates.map(({ id, outcome, evidence }) => ({
    gate: escapeName(id),
    outcome: escapeName(outcome),
    evidence: evidence.length === 0 ? missing : evidence.map(escapeMarkdown).join(", "),
  }));
}

/** Returns gates as lines. */
export function gateLines(gates: DigestContent["gates"]): readonly string[] {
  return listOr(gates.map(({ gate, outcome, evidence }) => `${gate}: ${outcome}${evidence === null ? "" : ` (evidence: ${evidence})`}`));
}

/** Returns the improvements for the next cycle, with owner and date where they are known. */
export function actionsOf({ context, improvements }: DigestModel): NonNullable<DigestContent["actions"]> {
  return [
    ...(context?.actions ?? []).map(({ action, owner, due }) => ({
      action: actionText(action),
      owner: escapeName(owner),
      due: escapeName(due),
    })),
    ...improvements.map((action) => ({ action: actionText(action), owner: null, due: null })),
  ];
}

/** Returns actions as lines. */
export function actionLines(actions: NonNullable<DigestContent["actions"]>): readonly string[] {
  return listOr(
    actions.map(({ action, owner, due }) => (owner === null || due === null ? action : `${action} (owner: ${owner}, due: ${due})`)),
    "none",
  );
}

/** Returns the figures of a list: value, target and status. */
export function figuresOf({ kpis }: Pick<DigestModel, "kpis">): DigestContent["figures"] {
  return kpis.map((kpi) => ({
    name: escapeName(kpi.name),
    value: withUnit(kpi.actual, kpi.unit),
    target: withUnit(kpi.target, kpi.unit),
    status: statusOf(kpi),
  }));
}

/** Returns a table; cells hold no bare bar. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

/** Returns a file with its digest. */
export function renderReference({ path, digest }: DigestReference): string {
  return `${escapeMarkdown(path)} (${digest})`;
}

/** Returns a list, or one item that says there is none. */
export function listOr(items: readonly string[], empty: string = missing): readonly string[] {
  return (items.length === 0 ? [empty] : items).map((item) => `- ${item}`);
}

/** Returns members as lines. */
export function memberLines(members: DigestContent["metadata"], mark: "" | "**" = ""): readonly string[] {
  return members.map(({ key, value }) => `- ${mark}${key}${mark}: ${value}`);
}

/** Returns a number with its unit; a percent sign stands right behind it. */
export function withUnit(value: number | null, unit: string): string {
  if (value === null) return missing;
  const number = String(Object.is(value, -0) ? 0 : value);
  return unit === "" ? number : unit === "%" ? `${number}%` : `${number} ${escapeName(unit)}`;
}

/** Returns a difference with its sign. */
export function withSign(value: number | null, unit: string): string {
  return value !== null && value > 0 ? `+${withUnit(value, unit)}` : withUnit(value, unit);
}

/** Returns a text or what stands for none. */
export function textOr(text: string | null): string {
  return text === null ? missing : escapeMarkdown(text);
}

// What reads as "none", as a label or as an owner would not read back as an action.
function actionText(action: string): string {
  const text = escapeMarkdown(action);
  return /^none$|^actions?:|\(owner:/i.test(text) ? escapeName(text).replace(/^n/i, (char) => `&#${String(char.charCodeAt(0))};`) : text;
}
