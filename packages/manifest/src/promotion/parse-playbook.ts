import { compareFindings, type Finding, isJsonObject, type JsonValue, parseDocument, type Result } from "@gov/schema";
import { finding } from "../finding-codes.ts";
import { assertPlaybook, type Playbook, playbookActions, rollbackTriggers } from "./playbooks.ts";

/** Options of {@link parsePlaybook}. */
export interface ParsePlaybookOptions {
  /** Path named in findings. @default "playbook.yaml" */
  readonly path?: string | undefined;
}

/**
 * Reads a playbook document, as the kind `playbook` of `@gov/schema` has it, into one that can be run: every trigger and action known, each step said to be repeatable,
 * and nothing unfrozen that was not verified (PRO-11).
 */
export function parsePlaybook(text: string, options: ParsePlaybookOptions = {}): Result<Playbook> {
  const { path = "playbook.yaml" } = options;
  const document = parseDocument({ path, bytes: new TextEncoder().encode(text) }, { format: "yaml" });
  if (!document.ok) return document;
  const { data, locate } = document.value;
  const findings: Finding[] = [];
  const refuse = (message: string, pointer: string): void =>
    void findings.push(finding("MANIFEST_PLAYBOOK_INVALID", message, { path, ...(locate(pointer) ?? {}) }));
  const { name, triggers, steps } = isJsonObject(data) ? data : {};
  if (typeof name !== "string" || name === "") refuse("The playbook has no name", "/name");
  const known = listOf(triggers, (trigger, at) => {
    const found = rollbackTriggers.find((one) => one === trigger);
    if (found === undefined) refuse(`Nobody knows the trigger ${JSON.stringify(trigger)}`, `/triggers/${String(at)}`);
    return found;
  });
  const actions = listOf(steps, (step, at) => {
    const { action, idempotent } = isJsonObject(step) ? step : {};
    const found = playbookActions.find((one) => one === action);
    if (found === undefined) refuse(`Nobody knows the action ${JSON.stringify(action ?? null)}`, `/steps/${String(at)}`);
    if (idempotent !== true) refuse(`Step ${String(at + 1)} does not say that it can be repeated`, `/steps/${String(at)}`);
    return found;
  });
  if (known.length === 0) refuse("The playbook has no trigger", "/triggers");
  if (findings.length > 0) return { ok: false, findings: findings.sort(compareFindings) };
  const playbook: Playbook = { id: name as string, version: 1, triggers: known, steps: actions };
  try {
    assertPlaybook(playbook);
  } catch (error) {
    refuse((error as RangeError).message, "/steps");
    return { ok: false, findings };
  }
  return { ok: true, value: playbook, findings: document.findings };
}

function listOf<T>(value: JsonValue | undefined, read: (item: JsonValue, at: number) => T | undefined): readonly T[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(read).filter((one) => one !== undefined) : [];
}
