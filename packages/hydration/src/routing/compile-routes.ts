import type { Finding, Position, Result, RouteSpec, RoutingSpec } from "@gov/schema";
import type { HydrationFindingCode } from "../finding-codes.ts";
import { createPatternSpellings } from "../internal/pattern-spellings.ts";
import { overrideRule } from "../internal/override-rule.ts";
import { compareCodeUnits } from "../internal/text-order.ts";
import { parsePathPattern, type PathPattern } from "./path-pattern.ts";

/** Parameters that every subject fills by itself; a status that is null fills nothing. */
export const builtInParameters = ["id", "kind", "status"] as const;

/** Parameters of the seeds' layouts, accepted when {@link CompileRoutesOptions.parameters} is not given; a subject brings the values. */
export const layoutParameters = ["cycle_id", "date", "name", "snapshot_rev", "version"] as const;

/** One condition on an id: the exact text, or a prefix of it. */
export interface IdCondition {
  readonly text: string;
  readonly prefix: boolean;
}

/** One condition on the tags: a key with any value when `value` is null, else exactly that value. */
export interface TagCondition {
  readonly key: string;
  readonly value: string | null;
}

/** One route, ready to match; a null condition holds for every artifact, the members of a list are alternatives. */
export interface CompiledRoute {
  readonly id: string;
  readonly precedence: number;
  readonly pattern: PathPattern;
  readonly kinds: ReadonlySet<string> | null;
  readonly statuses: ReadonlySet<string> | null;
  readonly ids: readonly IdCondition[] | null;
  readonly tags: readonly TagCondition[] | null;
}

/** A routing rule that was checked as a whole; only {@link compileRoutes} makes one. */
export interface RouteTable {
  /** Highest precedence first, then by id, by code unit. */
  readonly routes: readonly CompiledRoute[];
  /** Explicit decisions by artifact id; they beat every route. */
  readonly overrides: ReadonlyMap<string, PathPattern>;
  /** The rule document, for findings; null when not given. */
  readonly path: string | null;
  /** Where routes, by id, and overrides, by artifact, stand in it, as far as {@link CompileRoutesOptions.locate} knew. */
  readonly positions: { readonly routes: ReadonlyMap<string, Position>; readonly overrides: ReadonlyMap<string, Position> };
}

/** What {@link compileRoutes} may be told. */
export interface CompileRoutesOptions {
  /** Path of the rule document, put into findings. @default null */
  readonly path?: string | undefined;
  /** Where a part of the `spec` stands in the rule document, by JSON pointer such as `/routes/0/to`, put into findings. @default nowhere */
  readonly locate?: ((pointer: string) => Position | null) | undefined;
  /** Names that path patterns may use besides {@link builtInParameters}. @default layoutParameters */
  readonly parameters?: readonly string[] | undefined;
}

/**
 * Compiles the `spec` of `artifact_routing.mdc`, or reports everything that makes it unusable: patterns that leave the root or could
 * be read in two ways, spellings that differ in case or Unicode form alone, parameters nobody fills, ids or overrides given twice,
 * text with half a surrogate pair (RTE-01, RTE-05). It concerns documents only: `routing_matrix.json` stays canonical for commands.
 */
export function compileRoutes(spec: RoutingSpec, options: CompileRoutesOptions = {}): Result<RouteTable> {
  const { path = null, parameters = layoutParameters, locate = () => null } = options;
  const known = new Set<string>([...builtInParameters, ...parameters]);
  const findings: Finding[] = [];
  const report = (code: HydrationFindingCode, message: string, pointer: string) => {
    const { line, column } = locate(pointer) ?? { line: null, column: null };
    findings.push({ code, severity: "error", message, path, line, column });
  };

  const spellings = createPatternSpellings();
  const compilePattern = (text: string, owner: string, pointer: string): PathPattern | null => {
    const pattern = parsePathPattern(text);
    if (typeof pattern === "string") {
      report("HYDRATION_ROUTE_PATTERN", `${owner} leads to "${text}": ${pattern}`, pointer);
      return null;
    }
    const clash = spellings.add(text);
    if (clash !== null) {
      const { here, there } = clash;
      report(
        "HYDRATION_ROUTE_CASE",
        `${owner} writes "${here}", which is "${there}" where case or Unicode form does not count: use one spelling`,
        pointer,
      );
      return null;
    }
    const unknown = pattern.parameters.filter((name) => !known.has(name));
    for (const name of unknown) {
      const names = [...known].sort(compareCodeUnits).join(", ");
      report("HYDRATION_ROUTE_PARAMETER", `${owner} uses {${name}}: expected one of ${names}`, pointer);
    }
    return unknown.length === 0 ? pattern : null;
  };

  // No file holds such a text, no artifact has it, and the rules would have no digest.
  const checkText = (text: string, owner: string, pointer: string) => {
    if (/\p{Surrogate}/u.test(text))
      report("HYDRATION_ROUTE_PATTERN", `${owner} holds half a surrogate pair: expected well-formed Unicode`, pointer);
  };

  const routes = new Map<string, CompiledRoute>();
  const positions = { routes: new Map<string, Position>(), overrides: new Map<string, Position>() };
  const routeIds = new Set<string>();
  for (const [index, route] of spec.routes.entries()) {
    const pointer = `/routes/${index}`;
    if (routeIds.has(route.id))
      report("HYDRATION_ROUTE_DUPLICATE", `Route "${route.id}" is defined more than once: give each its own id`, `${pointer}/id`);
    if (route.id === overrideRule)
      report("HYDRATION_ROUTE_DUPLICATE", `Route "${route.id}" has the name of explicit decisions: rename it`, `${pointer}/id`);
    routeIds.add(route.id);
    for (const [text, at] of conditionTexts(route)) checkText(text, `Route ${JSON.stringify(route.id)}`, pointer + at);
    if (!Number.isFinite(route.precedence))
      report("HYDRATION_ROUTE_PATTERN", `Route ${JSON.stringify(route.id)} has no finite precedence`, `${pointer}/precedence`);
    remember(positions.routes, route.id, locate(pointer));
    const pattern = compilePattern(route.to, `Route "${route.id}"`, `${pointer}/to`);
    if (pattern !== null) routes.set(route.id, compileRoute(route, pattern));
  }
  const overrides = new Map<string, PathPattern>();
  const overridden = new Set<string>();
  for (const [index, { artifact, to }] of spec.overrides.entries()) {
    const pointer = `/overrides/${index}`;
    if (overridden.has(artifact))
      report("HYDRATION_OVERRIDE_DUPLICATE", `Artifact "${artifact}" is overridden more than once: keep one`, `${pointer}/artifact`);
    overridden.add(artifact);
    checkText(artifact, `The override of ${JSON.stringify(artifact)}`, `${pointer}/artifact`);
    remember(positions.overrides, artifact, locate(pointer));
    const pattern = compilePattern(to, `The override of "${artifact}"`, `${pointer}/to`);
    if (pattern !== null) overrides.set(artifact, pattern);
  }
  if (findings.length > 0) return { ok: false, findings };
  const sorted = [...routes.values()].sort((a, b) => b.precedence - a.precedence || compareCodeUnits(a.id, b.id));
  return { ok: true, value: { routes: sorted, overrides, path, positions }, findings: [] };
}

/** Every text of a route besides its pattern, with its place in the route. */
function conditionTexts({ id, match }: RouteSpec): readonly (readonly [text: string, pointer: string])[] {
  const listed = (["kind", "status", "id", "tag"] as const).flatMap((name) =>
    (listOf<string>(match[name]) ?? []).map((text) => [text, `/match/${name}`] as const),
  );
  return [[id, "/id"], ...listed];
}

function remember(positions: Map<string, Position>, name: string, position: Position | null): void {
  if (position !== null) positions.set(name, position);
}

function compileRoute({ id, match, precedence }: RouteSpec, pattern: PathPattern): CompiledRoute {
  const kinds = listOf(match.kind);
  const statuses = listOf(match.status);
  return {
    id,
    precedence,
    pattern,
    kinds: kinds && new Set(kinds),
    statuses: statuses && new Set(statuses),
    ids:
      listOf(match.id)?.map((text) => (text.endsWith("*") ? { text: text.slice(0, -1), prefix: true } : { text, prefix: false })) ?? null,
    tags: listOf(match.tag)?.map(tagCondition) ?? null,
  };
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function tagCondition(text: string): TagCondition {
  const colon = text.indexOf(":");
  if (colon === -1) return { key: text.trim(), value: null };
  return { key: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() };
}
