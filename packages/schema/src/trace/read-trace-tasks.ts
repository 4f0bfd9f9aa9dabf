import { isJsonObject, type JsonValue } from "../json.ts";
import { type ParsedDocument } from "../reading/parse-document.ts";
import { type TraceTask } from "./trace-tasks.ts";

/**
 * The tasks of a plan (`fe_task_breakdown.yaml`, `be_backlog.yaml`) as they are traced: `linked_story_map_nodes` are their stories, `kpis` the KPIs they name.
 * What is no task with an id is passed over; the schema of the plan has reported it.
 */
export function readTraceTasks(plan: Pick<ParsedDocument, "path" | "data" | "locate">): readonly TraceTask[] {
  const tasks = isJsonObject(plan.data) && Object.hasOwn(plan.data, "tasks") ? plan.data["tasks"] : undefined;
  if (!Array.isArray(tasks)) return [];
  return (tasks as readonly JsonValue[]).flatMap((task, index): TraceTask[] => {
    if (!isJsonObject(task) || typeof task["id"] !== "string") return [];
    const line = plan.locate(`/tasks/${String(index)}/id`)?.line ?? null;
    return [{ id: task["id"], storyNodes: textsOf(task["linked_story_map_nodes"]), kpis: textsOf(task["kpis"]), path: plan.path, line }];
  });
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter((item) => typeof item === "string") : [];
}
