import { printable } from "../render/printable.ts";

/** Markup that is safe to send: every text in it has been escaped. */
export interface Markup {
  readonly text: string;
}

/** What may stand in a template: markup as it is, text and numbers escaped, lists one after another, nothing for null. */
export type Part = Markup | string | number | null | readonly Part[];

/** Builds markup from a template; whatever is put into it is text, unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const texts = strings.map((text, index) => text + (index < parts.length ? markupOf(parts[index] ?? null) : ""));
  return { text: texts.join("") };
}

function markupOf(part: Part): string {
  if (part === null) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeText(part);
  if ("text" in part) return part.text;
  return part.map(markupOf).join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand between tags and in quoted attributes. Line feeds stay, other control characters do not. */
function escapeText(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line).replace(/[&<>"']/g, (character) => entities[character] ?? character))
    .join("\n");
}
