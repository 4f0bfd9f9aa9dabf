import { type Finding, isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { shippedMetrics } from "@gov/telemetry/metrics";
import type { Page } from "./lint-links.ts";

/** Names of every series that the metrics of gov expose. */
const series = new Set(
  Object.values(shippedMetrics)
    .flat()
    .flatMap(({ name, kind }) => (kind === "histogram" ? ["_bucket", "_sum", "_count"] : [""]).map((suffix) => `${name}${suffix}`)),
);

/** A Grafana dashboard as it is exported: an object with panels and the version of its schema. */
export function isDashboard(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && Array.isArray(value["panels"]) && typeof value["schemaVersion"] === "number";
}

/** Finds what makes a dashboard useless: no title, panels that share an id, panels without a query, queries that do not close, metrics of gov that are none. */
export function lintDashboard({ path }: Pick<Page, "path">, dashboard: JsonObject): readonly Finding[] {
  const found: Finding[] = [];
  const report = (code: string, message: string) => found.push({ code, severity: "error", message, path, line: null, column: null });
  if (typeof dashboard["title"] !== "string" || dashboard["title"] === "") report("CLI_DASHBOARD_INVALID", "The dashboard has no title");
  const panels = panelsOf(dashboard);
  if (panels.length === 0) report("CLI_DASHBOARD_INVALID", "The dashboard has no panel");
  const ids = new Set<JsonValue>();
  for (const panel of panels) {
    const title = typeof panel["title"] === "string" && panel["title"] !== "" ? panel["title"] : null;
    const name = title ?? `panel ${JSON.stringify(panel["id"] ?? null)}`;
    const id = panel["id"] ?? null;
    if (id !== null && ids.has(id)) report("CLI_DASHBOARD_INVALID", `"${name}" has the id of another panel: ${JSON.stringify(id)}`);
    ids.add(id);
    if (panel["type"] === "row" || panel["type"] === "text") continue;
    const targets = (Array.isArray(panel["targets"]) ? panel["targets"] : []).filter(isJsonObject);
    if (targets.length === 0) report("CLI_DASHBOARD_INVALID", `"${name}" asks for nothing`);
    for (const { expr } of targets) {
      if (expr === undefined) continue;
      if (typeof expr !== "string" || expr.trim() === "") report("CLI_DASHBOARD_INVALID", `"${name}" has an empty query`);
      else {
        if (!closes(expr)) report("CLI_DASHBOARD_INVALID", `"${name}" has a query whose brackets do not match: ${expr}`);
        for (const [metric] of expr.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/\bgov_\w+/g))
          if (!series.has(metric)) report("CLI_DASHBOARD_METRIC_UNKNOWN", `"${name}" asks for "${metric}", which gov does not expose`);
      }
    }
  }
  return found;
}

function panelsOf(dashboard: JsonObject): readonly JsonObject[] {
  const panels = (Array.isArray(dashboard["panels"]) ? dashboard["panels"] : []).filter(isJsonObject);
  return panels.flatMap((panel) => [panel, ...panelsOf(panel)]);
}

function closes(query: string): boolean {
  const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  const open: string[] = [];
  for (const letter of query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "")) {
    if (Object.values(pairs).includes(letter)) open.push(letter);
    else if (pairs[letter] !== undefined && open.pop() !== pairs[letter]) return false;
  }
  return open.length === 0;
}
