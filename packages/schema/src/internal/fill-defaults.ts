import type { JsonObject } from "../json.ts";
import type { RoutingSpec, RulebookSpec } from "../rules.ts";

/** Fills in what a valid `artifact_routing.mdc` leaves open, as its schema says. */
export function fillRouting(spec: JsonObject): RoutingSpec {
  const { routes, overrides = [] } = spec as unknown as Partial<RoutingSpec>;
  return { routes: (routes ?? []).map((route) => ({ ...route, precedence: (route as Partial<typeof route>).precedence ?? 0 })), overrides };
}

/** Fills in what a valid `rulebook.yaml` leaves open, as its schema says; its metadata is no rule and is left out. */
export function fillRulebook(document: JsonObject): RulebookSpec {
  const {
    version,
    gates = {},
    governance,
    severities,
    waivers,
    enforcement,
    modules,
    thresholds,
    kpis = {},
  } = document as unknown as Partial<RulebookSpec> & { readonly version: string };
  const { tags = [], rules = {} } = (governance ?? {}) as Partial<RulebookSpec["governance"]>;
  return { version, gates, governance: { tags, rules }, ...onlyDefined({ severities, waivers, enforcement, modules, thresholds }), kpis };
}

/** What is absent stays absent, so that the digest of rules without it is what it always was. */
export function onlyDefined<T extends object>(values: T): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<typeof onlyDefined<T>>;
}
