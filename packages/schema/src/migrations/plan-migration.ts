import type { Finding, Result } from "../finding.ts";
import { editData } from "../internal/edit-data.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { formatVersionOf, parseSchemaName, schemaName } from "../validate/format-version.ts";
import { issueCode, type SchemaIssue } from "../validate/schema-issue.ts";
import { shippedVersions, validateKind } from "../validate/validate-kind.ts";
import type { YamlEdit } from "../writing/yaml-edit.ts";
import type { SchemaMigration } from "./schema-migration.ts";
import { schemaMigrations } from "./schema-migrations.ts";

/** Options of {@link planMigration}. */
export interface PlanMigrationOptions {
  /** Version to reach, older or newer. @default the newest that is known */
  readonly to?: number | undefined;
  /** Steps of a kind of one's own, beside those that ship. @default none */
  readonly migrations?: readonly SchemaMigration[] | undefined;
  /** Judges data of a kind of one's own by a version of its schema. @default nothing is judged */
  readonly judge?: ((data: JsonValue, version: number) => readonly SchemaIssue[]) | undefined;
  /** Path that findings name. @default null */
  readonly path?: string | null | undefined;
}

/** One step of a migration, and what it does to this document. */
export interface MigrationStep {
  readonly from: number;
  readonly to: number;
  readonly summary: string;
  /** In the order in which they are made. */
  readonly edits: readonly YamlEdit[];
}

/** What a migration does to one document; without steps it is in the version asked for. */
export interface MigrationPlan {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly steps: readonly MigrationStep[];
  /** The data after the last step. */
  readonly data: JsonValue;
}

/**
 * Explains how a document comes from the version of its format in which it is written to another one: every step, and every edit it makes. Pure;
 * nothing is changed. Before the first step and after each one the data are judged by the schema of that version, so a plan that is
 * returned leads to a valid document (SCH-07).
 *
 * @returns why there is no way: the data are not valid, their format is newer than known, or no step leads there.
 * @throws what a migration or a judge of one's own throws.
 * @example See what would change
 * ```ts
 * import assert from "node:assert/strict";
 * import { planMigration } from "@gov/schema";
 *
 * const kpis = { cycle_time: { formula: "avg(task_completion_time)", unit: "days", target: 3 } };
 * const plan = planMigration("kpi_config", { kpis });
 * assert.ok(plan.ok);
 * assert.deepEqual(plan.value.steps[0]?.edits.at(-1), { op: "set", pointer: "/kpis/cycle_time/direction", value: "at_most" });
 * ```
 */
export function planMigration(kind: string, data: JsonValue, options: PlanMigrationOptions = {}): Result<MigrationPlan> {
  const { path = null } = options;
  const migrations = [...schemaMigrations, ...(options.migrations ?? [])].filter((migration) => migration.kind === kind);
  const known = [...new Set([...shippedVersions(kind), ...migrations.flatMap(({ from }) => [from, from + 1])])].sort((a, b) => a - b);
  const refuse = (message: string, expected?: string): Result<MigrationPlan> => ({
    ok: false,
    findings: [makeFinding("SCHEMA_VERSION", message, { path, expected })],
  });
  if (known.length === 0) return refuse(`No format of kind "${kind}" is known`, "a kind that ships, or migrations of one's own");
  if (!isJsonObject(data)) return refuse(`A document of kind "${kind}" must be a mapping`);
  const judge = (value: JsonValue, version: number): readonly Finding[] =>
    (validateKind(kind, value, { version }) ?? options.judge?.(value, version) ?? []).map((issue) => asFinding(issue, path));
  const written = formatVersionOf(kind, data, known);
  if (!written.ok) return { ok: false, findings: [asFinding(written.issue, path)] };
  const from = written.version;
  const to = options.to ?? Math.max(...known);
  if (!known.includes(to)) return refuse(`Format ${String(to)} of "${kind}" is not known here`, known.join(", "));
  const before = judge(data, from);
  if (before.length > 0) return { ok: false, findings: before };
  const steps: MigrationStep[] = [];
  let current: JsonObject = data;
  for (let version = from; version !== to; version += Math.sign(to - from)) {
    const next = version + Math.sign(to - from);
    const migration = migrations.find((candidate) => candidate.from === Math.min(version, next));
    if (migration === undefined) return refuse(`No migration leads from format ${String(version)} of "${kind}" to ${String(next)}`);
    const edits = [...nameEdits(kind, current, next), ...(next > version ? migration.up(current) : migration.down(current))];
    const edited = editData(current, edits);
    const nowhere = (why: string): Result<MigrationPlan> =>
      refuse(`The migration of "${kind}" from format ${String(version)} to ${String(next)} leads nowhere: ${why}`);
    if (!edited.ok) return nowhere(`cannot ${edited.edit.op} ${JSON.stringify(edited.edit.pointer)}: ${edited.reason}`);
    if (!isJsonObject(edited.data)) return nowhere("what comes out is no mapping");
    const after = judge(edited.data, next);
    if (after.length > 0) return { ok: false, findings: after };
    steps.push({ from: version, to: next, summary: migration.summary, edits });
    current = edited.data;
  }
  return { ok: true, value: { kind, from, to, steps, data: current }, findings: [] };
}

function asFinding(issue: SchemaIssue, path: string | null): Finding {
  return makeFinding(issueCode(issue), `"${issue.pointer}" ${issue.message}`, { path, expected: issue.expected });
}

// Version 1 needs no name; a name that is a path or an address stays one.
function nameEdits(kind: string, data: JsonObject, version: number): readonly YamlEdit[] {
  const written = Object.hasOwn(data, "$schema") ? data["$schema"] : undefined;
  const isOurs = typeof written === "string" && parseSchemaName(written, kind) !== null;
  const isFile = isOurs && !written.startsWith("urn:");
  if (isFile) return [{ op: "set", pointer: "/$schema", value: written.replace(/-v[0-9]+\.json$/, `-v${String(version)}.json`) }];
  if (version > 1) return [{ op: "set", pointer: "/$schema", value: schemaName(kind, version) }];
  return isOurs ? [{ op: "remove", pointer: "/$schema" }] : [];
}
