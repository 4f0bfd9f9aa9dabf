import { type Result } from "../finding.ts";
import { editData } from "../internal/edit-data.ts";
import { hasError, makeFinding } from "../internal/make-finding.ts";
import { deepEqual } from "../internal/schema-runtime.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { defaultReadLimits } from "../reading/read-limits.ts";
import { createTextPositions } from "../reading/text-positions.ts";
import { parseYaml, type YamlReading } from "../reading/yaml-document.ts";
import { spliceYaml } from "./splice-yaml.ts";
import { type YamlEdit } from "./yaml-edit.ts";

/** How edits are applied to a text, and what their findings say of it. */
export interface ApplyEditsOptions {
  /** Path that findings name. */
  readonly path: string | null;
  /** How lines end. @default as in the text */
  readonly eol?: string | undefined;
  /** The text as YAML of the same length, where it is written in something that YAML does not read. @default the text */
  readonly asYaml?: ((text: string) => string) | undefined;
}

/**
 * Applies edits to YAML text, each to the text and to the data, and reads the new text again: nothing comes out that says something else. Edits are
 * made together where they do not touch each other, since each reading costs as much as the text is long.
 */
export function applyEdits(source: string, edits: readonly YamlEdit[], options: ApplyEditsOptions): Result<string> {
  const { path, eol = source.includes("\r\n") ? "\r\n" : "\n", asYaml = (text) => text } = options;
  const stateOf = (text: string): State => ({ text, reading: read(asYaml(text), path) });
  const first = stateOf(source);
  if (hasError(first.reading.findings)) return { ok: false, findings: first.reading.findings };
  const done = applyAll(first, edits, { eol, asYaml, stateOf });
  if (done.ok) return { ok: true, value: done.state.text, findings: done.state.reading.findings };
  const message = `Cannot ${done.edit.op} ${JSON.stringify(done.edit.pointer)}: ${done.reason}`;
  // Places are those of the text given, whatever earlier edits have made of it.
  const at = createTextPositions(source)(first.reading.locate([]));
  return { ok: false, findings: [makeFinding("SCHEMA_YAML_EDIT", message, { path, at })] };
}

/** Edits a whole document, behind a byte order mark where it has one. */
export function editText(text: string, edits: readonly YamlEdit[], options: ApplyEditsOptions): Result<string> {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const edited = applyEdits(text.slice(mark.length), edits, options);
  return edited.ok ? { ...edited, value: mark + edited.value } : edited;
}

/** A text and what it says. */
interface State {
  readonly text: string;
  readonly reading: YamlReading;
}

interface Tools {
  readonly eol: string;
  readonly asYaml: (text: string) => string;
  readonly stateOf: (text: string) => State;
}

type Applied = { readonly ok: true; readonly state: State } | { readonly ok: false; readonly edit: YamlEdit; readonly reason: string };

function applyAll(state: State, edits: readonly YamlEdit[], tools: Tools): Applied {
  const [only] = edits;
  if (only === undefined) return { ok: true, state };
  if (edits.length === 1) return applyOne(state, only, tools);
  const together = applyTogether(state, edits, tools);
  if (together !== null) return { ok: true, state: together };
  const half = edits.length >> 1;
  const before = applyAll(state, edits.slice(0, half), tools);
  return before.ok ? applyAll(before.state, edits.slice(half), tools) : before;
}

/** Null where one of the edits leads nowhere, or two of them touch each other. */
function applyTogether({ text, reading }: State, edits: readonly YamlEdit[], { eol, asYaml, stateOf }: Tools): State | null {
  const wanted = editData(reading.data, edits);
  const spliced = wanted.ok ? spliceYaml(text, edits, { eol, asYaml }) : null;
  if (!wanted.ok || spliced === null) return null;
  const next = stateOf(spliced);
  return !hasError(next.reading.findings) && deepEqual(next.reading.data, wanted.data) ? next : null;
}

function applyOne({ text, reading }: State, edit: YamlEdit, { eol, asYaml, stateOf }: Tools): Applied {
  const fail = (reason: string): Applied => ({ ok: false, edit, reason });
  const wanted = editData(reading.data, [edit]);
  if (!wanted.ok) return fail(wanted.reason);
  const spliced = spliceYaml(text, [edit], { eol, asYaml });
  if (spliced === null) return fail("the text cannot be changed there alone");
  const next = stateOf(spliced);
  const bound = next.reading.findings.find(({ code }) => code === "SCHEMA_TOO_DEEP" || code === "SCHEMA_TOO_LARGE");
  if (bound !== undefined) return fail(`with it the ${bound.message.charAt(0).toLowerCase()}${bound.message.slice(1)}`);
  if (hasError(next.reading.findings) || !sameData(next.reading.data, wanted.data))
    return fail("something else would change with it, such as an alias of an anchor there");
  return { ok: true, state: next };
}

function read(text: string, path: string | null): YamlReading {
  const reading = parseYaml(text, { path: path ?? "", limits: defaultReadLimits, place: createTextPositions(text) });
  return path === null ? { ...reading, findings: reading.findings.map((finding) => ({ ...finding, path })) } : reading;
}

function sameData(a: JsonValue, b: JsonValue): boolean {
  return deepEqual(a, b) || (a === null && isJsonObject(b) && Object.keys(b).length === 0);
}
