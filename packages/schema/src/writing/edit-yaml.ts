import { type Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { splitFrontMatter } from "../reading/split-front-matter.ts";
import { applyEdits, editText } from "./apply-edits.ts";
import { type YamlEdit } from "./yaml-edit.ts";

/** Options of {@link editYaml} and {@link editFrontMatter}. */
export interface EditYamlOptions {
  /** Path that findings name. @default null */
  readonly path?: string | null | undefined;
}

/**
 * Edits YAML text and leaves everything else as it stands, byte for byte: comments, order, quotes, spaces, line ends, unknown fields. Each edit
 * is applied to the text and to the data, and the new text is read again: where the two differ, because an anchor is used elsewhere for
 * instance, nothing is written and the finding `SCHEMA_YAML_EDIT` says so.
 *
 * @example Approve a plan
 * ```ts
 * import assert from "node:assert/strict";
 * import { editYaml } from "@gov/schema";
 *
 * const text = "# The plan\nid: PLN-1   # never change\nstatus: draft # for now\n";
 * const edited = editYaml(text, [{ op: "set", pointer: "/status", value: "approved" }]);
 * assert.ok(edited.ok);
 * assert.equal(edited.value, "# The plan\nid: PLN-1   # never change\nstatus: approved # for now\n");
 * ```
 */
export function editYaml(text: string, edits: readonly YamlEdit[], options: EditYamlOptions = {}): Result<string> {
  const { path = null } = options;
  return editText(text, edits, { path });
}

/**
 * Edits the YAML front matter of Markdown as {@link editYaml} does, and leaves the body byte for byte; a document without front matter gets some.
 *
 * @example Approve a document
 * ```ts
 * import assert from "node:assert/strict";
 * import { editFrontMatter } from "@gov/schema";
 *
 * const edited = editFrontMatter("---\nstatus: draft\n---\n# Plan\n", [{ op: "set", pointer: "/status", value: "approved" }]);
 * assert.ok(edited.ok);
 * assert.equal(edited.value, "---\nstatus: approved\n---\n# Plan\n");
 * ```
 */
export function editFrontMatter(text: string, edits: readonly YamlEdit[], options: EditYamlOptions = {}): Result<string> {
  const { path = null } = options;
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const bare = text.slice(mark.length);
  const split = splitFrontMatter(bare);
  if (split.kind === "unclosed" || split.kind === "foreign") {
    const message = "Cannot edit front matter that is not closed, or not YAML";
    return { ok: false, findings: [makeFinding("SCHEMA_FRONT_MATTER", message, { path, at: { line: 1, column: 1 } })] };
  }
  const eol = bare.includes("\r\n") ? "\r\n" : "\n";
  const [before, after] = split.kind === "none" ? [`---${eol}`, `---${eol}${bare}`] : [bare.slice(0, split.start), bare.slice(split.end)];
  const source = split.kind === "none" ? "" : bare.slice(split.start, split.end);
  const edited = applyEdits(source, edits, { path, eol });
  // Places are those of the whole document.
  const above = split.kind === "none" ? 0 : before.split("\n").length - 1;
  const findings = edited.findings.map((finding) => (finding.line === null ? finding : { ...finding, line: finding.line + above }));
  if (!edited.ok) return { ok: false, findings };
  // The closing fence stands on a line of its own, also after a last line that had no end.
  const ended = edited.value === "" || edited.value.endsWith("\n") ? edited.value : edited.value + eol;
  return { ok: true, value: mark + before + ended + after, findings };
}
