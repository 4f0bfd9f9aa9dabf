import { type DocumentInput, type Finding, isJsonObject, type JsonObject, type JsonValue, parseDocument, type Result } from "@gov/schema";
import { isDigest } from "@gov/schema/canonical";
import { compareCodeUnits } from "../internal/text-order.ts";
import type { EffectiveRoute, EffectiveRouting } from "./effective-routing.ts";

/** Name of the file that holds a baseline, beside the routing rules (RTE-04). */
export const routingBaselineFile = "routing_effective.shadow.json";

const format = "gov.routing_effective";
const version = 1;
const outcomes = ["routed", "conflict", "unrouted"] as const;

/** Writes a baseline as text: one line per artifact, so that a review shows what moved; the same routing gives the same bytes. */
export function renderRoutingBaseline({ rules, routes }: EffectiveRouting): string {
  const sorted = [...routes].sort((a, b) => compareCodeUnits(a.artifact, b.artifact));
  const lines = sorted.map(({ artifact, kind, outcome, to, rule }) => `    ${JSON.stringify({ artifact, kind, outcome, to, rule })}`);
  const list = lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n  ]`;
  return `{\n  "format": ${JSON.stringify(format)},\n  "version": ${version},\n  "rules": ${JSON.stringify(rules)},\n  "routes": ${list}\n}\n`;
}

/** The longest baseline that is read; no text has more values than bytes. */
const limits = { maxBytes: 1 << 28, maxNodes: 1 << 28 };

/**
 * Reads a baseline, or says what is wrong with it and where (`HYDRATION_BASELINE`): no UTF-8, no JSON, a key given twice, another
 * format, a version of a later release, a member that is missing or malformed, an artifact given twice. Unknown members are left to
 * later versions, and a byte order mark gets a note.
 */
export function parseRoutingBaseline(input: DocumentInput): Result<EffectiveRouting> {
  const { path } = input;
  const parsed = parseDocument(input, { format: "json", limits });
  if (!parsed.ok) return { ok: false, findings: parsed.findings.map((found) => asBaselineFinding(found)) };
  const { data: value, locate } = parsed.value;
  const refuse = (reason: string, pointer: string): Result<EffectiveRouting> => ({
    ok: false,
    findings: [finding(reason, { path, ...(locate(pointer) ?? nowhere) })],
  });
  if (!isJsonObject(value) || own(value, "format") !== format) return refuse(`its format is not "${format}"`, "/format");
  if (own(value, "version") !== version) return refuse(`its version is not ${version}`, "/version");
  const [rules, list] = [own(value, "rules"), own(value, "routes")];
  if (!isDigest(rules)) return refuse('"rules" is not a digest', "/rules");
  if (!Array.isArray(list)) return refuse('"routes" is not a list', "/routes");
  const routes = new Map<string, EffectiveRoute>();
  for (const [index, item] of (list as readonly JsonValue[]).entries()) {
    const route = routeOf(item);
    if (route === null) return refuse(`route ${index + 1} is malformed`, `/routes/${index}`);
    if (routes.has(route.artifact)) return refuse(`artifact "${route.artifact}" is given twice`, `/routes/${index}/artifact`);
    routes.set(route.artifact, route);
  }
  const sorted = [...routes.values()].sort((a, b) => compareCodeUnits(a.artifact, b.artifact));
  return { ok: true, value: { rules, routes: sorted }, findings: parsed.findings };
}

function routeOf(item: JsonValue): EffectiveRoute | null {
  if (!isJsonObject(item)) return null;
  const [artifact, kind, to, rule] = [own(item, "artifact"), own(item, "kind"), own(item, "to"), own(item, "rule")];
  const outcome = outcomes.find((name) => name === own(item, "outcome"));
  if (typeof artifact !== "string" || typeof kind !== "string" || outcome === undefined) return null;
  if (!isTextOrNull(to) || !isTextOrNull(rule)) return null;
  // Exactly what is routed has a path and a rule.
  if ((outcome === "routed") !== (to !== null) || (to === null) !== (rule === null)) return null;
  return { artifact, kind, outcome, to, rule };
}

function own(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isTextOrNull(value: JsonValue | undefined): value is string | null {
  return value === null || typeof value === "string";
}

const nowhere = { line: null, column: null };

// What the reader of JSON finds keeps its place; what follows from it here is the same for all of it.
function asBaselineFinding(found: Finding): Finding {
  const { path, line, column, severity, message } = found;
  return severity === "error" ? finding(message.charAt(0).toLowerCase() + message.slice(1), { path, line, column }) : found;
}

function finding(reason: string, place: Pick<Finding, "path" | "line" | "column">): Finding {
  return {
    code: "HYDRATION_BASELINE",
    severity: "error",
    message: `Cannot use "${place.path ?? routingBaselineFile}" as a routing baseline: ${reason}`,
    ...place,
    hint: "Restore it from history, or sync it anew by command",
  };
}
