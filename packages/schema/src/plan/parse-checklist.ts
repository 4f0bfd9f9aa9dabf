import type { Finding, Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { ChecklistDocument } from "../rules.ts";
import { markdownLines, maxMarkdownLine, plainText } from "./markdown-lines.ts";
import type { ParsePlanOptions } from "./parse-plan.ts";

/**
 * Reads a plan of checkboxes (PLN-01): phases by their headings, and every `- [ ] 2.7.1 text` with its number, its state and the item it
 * is indented under. An item without a number is named by its phase and place, `item-2-1`. The value is a document of the kind `checklist`.
 *
 * @returns the checklist, or every reason why it is none: it has no item, a number stands twice, a line is too long.
 * @example Count what is done
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseChecklist } from "@gov/schema";
 *
 * const list = parseChecklist("# Plan\n\n## Phase 1\n\n- [x] 1.1 Define schemas\n- [ ] 1.2 Roll out\n  - [ ] 1.2.1 In dev\n");
 * assert.ok(list.ok);
 * assert.deepEqual(list.value.items.map(({ id, isDone, parent }) => [id, isDone, parent]), [["1.1", true, null], ["1.2", false, null], ["1.2.1", false, "1.2"]]);
 * ```
 */
export function parseChecklist(body: string, options: ParsePlanOptions = {}): Result<ChecklistDocument> {
  const { startLine = 1, path = null } = options;
  const findings: Finding[] = [];
  const problem = (message: string, line: number): void =>
    void findings.push(makeFinding("SCHEMA_PLAN", message, { path, at: { line, column: 1 } }));
  const phases: ChecklistDocument["phases"] = [];
  const items: ChecklistDocument["items"] = [];
  const lineOf = new Map<string, number>();
  let title: string | null = null;
  let open: readonly { readonly id: string; readonly indent: number }[] = [];
  let unnumbered = 0;
  for (const { line, text, level, heading } of markdownLines(body, startLine)) {
    if (text.length > maxMarkdownLine) {
      problem(`Line is ${String(text.length)} characters long: at most ${String(maxMarkdownLine)} are read`, line);
      continue;
    }
    if (level === 1 && title === null) title = heading;
    else if (level !== null) phases.push({ title: heading, line });
    if (level !== null) [open, unnumbered] = [[], 0];
    const [, space = "", mark = "", rest = ""] = /^([ \t]*)[-*+][ \t]+\[([ xX])\][ \t]+(\S.*)$/.exec(text) ?? [];
    if (mark === "") continue;
    const content = plainText(rest);
    const [, number, words = ""] = /^([0-9]{1,6}(?:\.[0-9]{1,6}){0,9})[ \t]+(\S.*)$/.exec(content) ?? [];
    if (number === undefined) unnumbered++;
    const id = number ?? `item-${String(phases.length)}-${String(unnumbered)}`;
    const earlier = lineOf.get(id);
    if (earlier !== undefined) problem(`Item "${id}" is given twice: first on line ${String(earlier)}`, line);
    lineOf.set(id, earlier ?? line);
    const indent = space.replaceAll("\t", "    ").length;
    open = open.filter((item) => item.indent < indent);
    items.push({
      id,
      text: number === undefined ? content : words,
      isDone: mark !== " ",
      phase: phases.length,
      parent: open.at(-1)?.id ?? null,
      line,
    });
    open = [...open, { id, indent }];
  }
  if (items.length === 0 && findings.length === 0) problem("Checklist has no item: expected lines such as - [ ] 1.1 text", startLine);
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: { title, phases, items }, findings };
}
