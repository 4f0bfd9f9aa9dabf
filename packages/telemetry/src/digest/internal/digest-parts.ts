import type { DigestModel, DigestReference, JudgedKpi } from "../plan-digest.ts";
import { escapeMarkdown } from "./escape-markdown.ts";

/** What stands where nothing is known. */
export const missing = "n/a";

/** Returns the mark of a KPI's verdict. */
export function statusOf({ isMet }: Pick<JudgedKpi, "isMet">): string {
  return isMet === null ? missing : isMet ? "✅" : "❌";
}

/** Returns the gates as a list: outcome and evidence. */
export function renderGates({ gates }: Pick<DigestModel, "gates">): readonly string[] {
  return listOr(
    gates.map(({ id, outcome, evidence }) => {
      const links = evidence.length === 0 ? missing : evidence.map(escapeMarkdown).join(", ");
      return `${escapeMarkdown(id)}: ${escapeMarkdown(outcome)} (evidence: ${links})`;
    }),
  );
}

/** Returns a file with its digest. */
export function renderReference({ path, digest }: DigestReference): string {
  return `${escapeMarkdown(path)} (${digest})`;
}

/** Returns a list, or one item that says there is none. */
export function listOr(items: readonly string[], empty: string = missing): readonly string[] {
  return (items.length === 0 ? [empty] : items).map((item) => `- ${item}`);
}

/** Returns a number with its unit; a percent sign stands right behind it. */
export function withUnit(value: number | null, unit: string): string {
  if (value === null) return missing;
  const number = String(Object.is(value, -0) ? 0 : value);
  return unit === "" ? number : unit === "%" ? `${number}%` : `${number} ${escapeMarkdown(unit)}`;
}

/** Returns a difference with its sign. */
export function withSign(value: number | null, unit: string): string {
  return value !== null && value > 0 ? `+${withUnit(value, unit)}` : withUnit(value, unit);
}
