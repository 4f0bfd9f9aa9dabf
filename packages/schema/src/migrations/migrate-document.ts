import type { Result } from "../finding.ts";
import { deepEqual } from "../internal/schema-runtime.ts";
import { blankJsonc } from "../reading/blank-jsonc.ts";
import { parseDocument } from "../reading/parse-document.ts";
import { editText } from "../writing/apply-edits.ts";
import { editFrontMatter } from "../writing/edit-yaml.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { type MigrationPlan, planMigration, type PlanMigrationOptions } from "./plan-migration.ts";

/** A document after its migration. */
export interface MigratedDocument {
  /** Its text; the text that was given when there was nothing to do. */
  readonly text: string;
  readonly plan: MigrationPlan;
}

/**
 * Brings the text of a document from the version of its format in which it is written to another one, by edits: comments, order, quotes, line ends
 * and unknown fields stay. Pure: text in, text out, the caller writes. Idempotent: a second migration changes nothing (SCH-07).
 *
 * @param document - YAML, JSON, or Markdown with front matter of YAML, told apart by the extension of the path.
 * @returns the text with what was done, or why it is left alone.
 * @throws what a migration or a judge of one's own throws.
 * @example Migrate a file's text
 * ```ts
 * import assert from "node:assert/strict";
 * import { migrateDocument } from "@gov/schema";
 *
 * const text = "kpis:\n  cycle_time: { formula: avg(days), unit: days, target: 3 } # of the seed\n";
 * const migrated = migrateDocument({ path: "kpi_config.yaml", text }, { kind: "kpi_config" });
 * assert.ok(migrated.ok);
 * assert.match(migrated.value.text, /target: 3, "direction": "at_most" \} # of the seed\n\$schema: urn:gov:schema:kpi_config:2\n$/);
 * ```
 */
export function migrateDocument(
  document: { readonly path: string; readonly text: string },
  options: Omit<PlanMigrationOptions, "path"> & { readonly kind: string },
): Result<MigratedDocument> {
  const { path, text } = document;
  const { kind, ...rest } = options;
  const parsed = parseDocument({ path, bytes: new TextEncoder().encode(text) });
  if (!parsed.ok) return parsed;
  if (parsed.value.dialect !== "yaml" && parsed.value.dialect !== "json" && parsed.value.dialect !== "jsonc") {
    const message = `Only YAML, JSON and front matter of YAML can be migrated, and this is ${parsed.value.dialect ?? "a document without data"}`;
    return { ok: false, findings: [makeFinding("SCHEMA_VERSION", message, { path })] };
  }
  const planned = planMigration(kind, parsed.value.data, { ...rest, path });
  if (!planned.ok) return planned;
  const edits = planned.value.steps.flatMap((step) => step.edits);
  if (edits.length === 0) return { ok: true, value: { text, plan: planned.value }, findings: [] };
  const edited =
    parsed.value.format === "markdown"
      ? editFrontMatter(text, edits, { path })
      : editText(text, edits, { path, asYaml: parsed.value.dialect === "jsonc" ? withoutComments : undefined });
  if (!edited.ok) return edited;
  // Edits are made in YAML, and JSON has another reader.
  const again = parseDocument({ path, bytes: new TextEncoder().encode(edited.value) });
  if (again.ok && deepEqual(again.value.data, planned.value.data))
    return { ok: true, value: { text: edited.value, plan: planned.value }, findings: [] };
  const message = `Cannot migrate the text by edits: it would not say what the migration of "${kind}" means`;
  return { ok: false, findings: [makeFinding("SCHEMA_YAML_EDIT", message, { path, at: { line: 1, column: 1 } })] };
}

function withoutComments(text: string): string {
  const blanked = blankJsonc(text);
  return blanked.ok ? blanked.text : text;
}
