import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { normalizeTags } from "../kinds/normalize-tags.ts";
import type { ParsedDocument } from "../reading/parse-document.ts";
import { type WorkItem, workItemAliases, workItemTypes } from "./work-item.ts";

/**
 * The work items of a plan (`fe_task_breakdown.yaml`, `be_backlog.yaml`), each in one shape, whatever the plan calls its fields; unknown fields are
 * kept (B-11, ART-05, ART-06, ART-07). What is no item with an id is passed over: the schema of the plan has reported it.
 *
 * @example Read a plan of another team
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseDocument, readWorkItems } from "@gov/schema";
 *
 * const text = "version: '1'\ntasks:\n  - { id: T-1, title: Login, owners: [ann, bob], estimates: 5 }\n";
 * const plan = parseDocument({ path: "fe_task_breakdown.yaml", bytes: new TextEncoder().encode(text) });
 * assert.ok(plan.ok);
 * const [item] = readWorkItems(plan.value);
 * assert.deepEqual([item?.owners, item?.effort, item?.line], [["ann", "bob"], 5, 3]);
 * ```
 */
export function readWorkItems(plan: Pick<ParsedDocument, "path" | "data" | "locate">): readonly WorkItem[] {
  return workItemsIn(plan.data).map(({ pointer, data }) =>
    itemOf(data, { path: plan.path, line: plan.locate(`${pointer}/id`)?.line ?? null }),
  );
}

/** The items of a plan as they are written, with their places. */
export function workItemsIn(plan: JsonValue): readonly { readonly pointer: string; readonly data: JsonObject; readonly id: string }[] {
  const tasks = isJsonObject(plan) && Object.hasOwn(plan, "tasks") ? plan["tasks"] : undefined;
  if (!Array.isArray(tasks)) return [];
  return (tasks as readonly JsonValue[]).flatMap((data, index) =>
    isJsonObject(data) && typeof data["id"] === "string" ? [{ pointer: `/tasks/${String(index)}`, data, id: data["id"] }] : [],
  );
}

/** The value of a field under the first of its names that the item has; null when it has none. */
export function fieldOf(data: JsonObject, names: readonly string[]): JsonValue {
  const name = names.find((candidate) => Object.hasOwn(data, candidate));
  return name === undefined ? null : (data[name] ?? null);
}

const known = new Set<string>([
  ...["id", "type", "title", "description", "tags", "priority", "status", "risk", "planned_in", "artifacts"],
  ...Object.values(workItemAliases).flat(),
]);

function itemOf(data: JsonObject, place: Pick<WorkItem, "path" | "line">): WorkItem {
  const text = (name: string): string | null => textOf(fieldOf(data, [name]));
  const effort = fieldOf(data, workItemAliases.effort);
  return {
    id: text("id") ?? "",
    type: workItemTypes.find((type) => type === data["type"]) ?? null,
    title: text("title") ?? "",
    description: text("description"),
    owners: textsOf(fieldOf(data, workItemAliases.owner)),
    tags: normalizeTags(fieldOf(data, ["tags"])).tags,
    priority: text("priority"),
    effort: typeof effort === "number" ? effort : null,
    status: text("status"),
    dependencies: textsOf(fieldOf(data, workItemAliases.dependencies)),
    acceptanceCriteria: textsOf(fieldOf(data, workItemAliases.acceptance_criteria)),
    risk: text("risk"),
    plannedIn: text("planned_in"),
    storyNodes: textsOf(fieldOf(data, workItemAliases.linked_story_map_nodes)),
    artifacts: textsOf(fieldOf(data, ["artifacts"])),
    extra: Object.fromEntries(Object.entries(data).filter(([name]) => !known.has(name) || isOddEffort(name, effort))),
    ...place,
  };
}

// An estimate that is no number is kept as it is.
function isOddEffort(name: string, effort: JsonValue): boolean {
  return (workItemAliases.effort as readonly string[]).includes(name) && typeof effort !== "number";
}

function textOf(value: JsonValue): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function textsOf(value: JsonValue): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  return list.filter((item): item is string => typeof item === "string" && item !== "");
}
