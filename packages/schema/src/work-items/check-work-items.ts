import { compareFindings, type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { JsonObject } from "../json.ts";
import { nearestWord } from "../kinds/nearest-word.ts";
import type { ParsedDocument } from "../reading/parse-document.ts";
import { fieldOf, workItemsIn } from "./read-work-items.ts";
import { workItemAliases, workItemStatuses } from "./work-item.ts";

/**
 * Says which items of a plan lack a field that a preset asks for, under any of its names, and whose state is no word of {@link workItemStatuses} (B-11).
 * A list that must say something may not be empty; dependencies may, for an item that has none.
 *
 * @param required - names of fields, such as `workItemFields` of a preset.
 * @returns findings `SCHEMA_WORK_ITEM`, sorted: an error for a field that is missing, a warning for an unknown state.
 * @example Hold a plan to a preset
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkWorkItems, parseDocument } from "@gov/schema";
 * import { presets } from "@gov/schema/presets";
 *
 * const text = "tasks:\n  - { id: T-1, title: Bus, effort: 3, priority: P0 }\n";
 * const plan = parseDocument({ path: "be_backlog.yaml", bytes: new TextEncoder().encode(text) });
 * assert.ok(plan.ok);
 * const findings = checkWorkItems(plan.value, presets.be.workItemFields);
 * assert.deepEqual(findings.map((finding) => finding.message), ['Work item "T-1" has no "dependencies"']);
 * ```
 */
export function checkWorkItems(plan: Pick<ParsedDocument, "path" | "data" | "locate">, required: readonly string[]): readonly Finding[] {
  const { path, locate } = plan;
  const findings = workItemsIn(plan.data).flatMap(({ pointer, data, id }): readonly Finding[] => {
    const missing = required
      .filter((name) => !isGiven(data, name))
      .map((name) =>
        makeFinding("SCHEMA_WORK_ITEM", `Work item "${id}" has no "${name}"`, {
          path,
          at: locate(pointer),
          expected: namesOf(name).join(" or "),
        }),
      );
    return [
      ...missing,
      ...unknownStatus(data, id, (message, expected, hint) =>
        makeFinding("SCHEMA_WORK_ITEM", message, { path, at: locate(`${pointer}/status`), severity: "warning", expected, hint }),
      ),
    ];
  });
  return findings.sort(compareFindings);
}

function namesOf(name: string): readonly string[] {
  const all: readonly (readonly string[])[] = Object.values(workItemAliases);
  return all.find((names) => names.includes(name)) ?? [name];
}

function isGiven(data: JsonObject, name: string): boolean {
  const value = fieldOf(data, namesOf(name));
  if (Array.isArray(value)) return name === "dependencies" || value.length > 0;
  return value !== null && value !== "";
}

function unknownStatus(
  data: JsonObject,
  id: string,
  report: (message: string, expected: string, hint: string | undefined) => Finding,
): readonly Finding[] {
  const { status } = data;
  if (typeof status !== "string" || (workItemStatuses as readonly string[]).includes(status)) return [];
  const near = nearestWord(status, workItemStatuses);
  const hint = near === null ? undefined : `Did you mean "${near}"?`;
  return [report(`Work item "${id}" has the unknown status "${status}"`, workItemStatuses.join(", "), hint)];
}
