import { type MarkdownLine, plainText } from "../plan/markdown-lines.ts";
import { tableRows } from "../plan/markdown-table.ts";
import type { DigestAction, DigestFigure, DigestGateOutcome, DigestMember } from "./wire-digest.ts";

/** `- key: value`, `**Key**: value`, and items below a key that has no value of its own: `dora.mttr_hours`. */
export function membersOf(lines: readonly MarkdownLine[]): readonly DigestMember[] {
  let owner: string | null = null;
  return lines.flatMap(({ line, text, level }) => {
    const [, indent = "", content = ""] = /^([ \t]*)(?:[-*+][ \t]+)?(\S.*)$/.exec(text) ?? [];
    const [, key, value = ""] = /^([^:]{1,128}):(?:[ \t]+(.*))?$/.exec(plainText(content)) ?? [];
    if (level !== null || key === undefined || content.startsWith("|")) return [];
    if (indent === "") owner = value === "" ? key.trim() : null;
    if (value === "") return [];
    return [{ key: indent !== "" && owner !== null ? `${owner}.${key.trim()}` : key.trim(), value: value.trim(), line }];
  });
}

/** Figures of a table, else of a list. */
export function figuresOf(lines: readonly MarkdownLine[]): readonly DigestFigure[] {
  return tableFigures(lines) ?? listedFigures(lines);
}

function listedFigures(lines: readonly MarkdownLine[]): readonly DigestFigure[] {
  return membersOf(lines).map(({ key, value: text, line }) => {
    const [, value = text, target = null, status = null] = /^(.*?)\s{0,9}\(target:\s{0,9}([^()]*)\)(?:\s{1,9}(\S+))?$/.exec(text) ?? [];
    return { name: key, value, target, status, line };
  });
}

function tableFigures(lines: readonly MarkdownLine[]): readonly DigestFigure[] | null {
  const table = tableRows(lines, ["kpi", "metric"]);
  if (table === null) return null;
  const [columns, names] = [figureColumns(table.header), columnNames(table.header)];
  return table.rows.map(({ line, cells }) => {
    const others = names.flatMap((name, index) => (columns.includes(index) ? [] : [[name, cells[index] ?? ""] as const]));
    const [name, value, target, status] = columns.map((index) => (index < 0 ? null : (cells[index] ?? ""))) as [
      string,
      ...(string | null)[],
    ];
    const extra = others.length === 0 ? {} : { extra: Object.fromEntries(others) };
    return { name, value: value ?? "", target: target ?? null, status: status ?? null, ...extra, line };
  });
}

/** Which columns of a header hold a figure's name, value, target and status; -1 for one it has not. */
export function figureColumns(header: readonly string[]): readonly number[] {
  const names = header.map((name) => name.toLowerCase());
  const first = (...wanted: readonly string[]): number => names.findIndex((name) => wanted.includes(name));
  return [first("kpi", "metric"), first("current", "actual"), first("target"), first("status")];
}

/** A name of its own for each column: one that is empty or stands twice is told apart by its place. */
export function columnNames(header: readonly string[]): readonly string[] {
  return header.map((name, index) => (name === "" || header.indexOf(name) < index ? `${name}#${String(index + 1)}` : name));
}

/** Gate outcomes with their evidence. */
export function gatesOf(lines: readonly MarkdownLine[]): readonly DigestGateOutcome[] {
  return membersOf(lines).map(({ key, value: text, line }) => {
    const [, outcome = text, evidence = null] = /^(.*?)\s{0,9}\(evidence:\s{0,9}(.*)\)$/.exec(text) ?? [];
    return { gate: key, outcome, evidence, line };
  });
}

/** Improvement actions: items with `action:`, `owner:` and `due:` in lines of their own, or `text (owner: …, due: …)`. */
export function actionsOf(lines: readonly MarkdownLine[]): readonly DigestAction[] {
  const actions: { action: string; owner: string | null; due: string | null; line: number }[] = [];
  for (const { line, text, level } of lines) {
    if (level !== null) continue;
    const item = plainText(/^[-*+][ \t]+(\S.*)$/.exec(text)?.[1] ?? "");
    const [, name, value = ""] = /^[ \t]+(owner|due):[ \t]{0,9}(.*)$/i.exec(text) ?? [];
    const last = actions.at(-1);
    if (name !== undefined && last !== undefined) last[name.toLowerCase() as "owner" | "due"] = plainText(value);
    if (item === "" || /^none$/i.test(item)) continue;
    const [, action = item, owner = null, due = null] =
      /^(.*?)\s{0,9}\(owner:\s{0,9}([^,()]*),\s{0,9}due:\s{0,9}([^()]*)\)$/.exec(item) ?? [];
    actions.push({ action: action.replace(/^actions?:[ \t]{1,9}/i, ""), owner, due, line });
  }
  return actions;
}

/** True for a line of three dashes, stars or underscores. */
export function isThematicBreak(text: string): boolean {
  return /^ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$/.test(text);
}
