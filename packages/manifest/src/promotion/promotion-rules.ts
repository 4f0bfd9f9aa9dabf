import type { PromotionSpec } from "@gov/schema";

/** An environment that manifests are promoted to. */
export interface EnvironmentRule {
  readonly name: string;
  /** Whether others than a person may promote to it: a schedule, a pipeline, a waiver that came into force. @default false */
  readonly automatic?: boolean | undefined;
  /** How long a manifest must have stood in the environment before, in milliseconds. @default 0 */
  readonly soakMs?: number | undefined;
}

/** Through which environments a manifest goes, and whose approval it needs first. */
export interface PromotionRules {
  readonly version: 1;
  /** In the order in which they are passed; none is left out. */
  readonly environments: readonly EnvironmentRule[];
  /** How many people other than the author must have signed before a manifest counts as approved. */
  readonly approvals: number;
}

/**
 * Refuses rules that would let anything pass.
 *
 * @throws RangeError
 */
export function assertPromotionRules({ version, environments, approvals }: PromotionRules): void {
  const names = environments.map(({ name }) => name);
  const sound =
    version === 1 &&
    names.length > 0 &&
    new Set(names).size === names.length &&
    names.every((name) => /^[a-z][a-z0-9_-]{0,62}$/.test(name)) &&
    environments.every(({ soakMs = 0 }) => Number.isSafeInteger(soakMs) && soakMs >= 0) &&
    Number.isSafeInteger(approvals) &&
    approvals >= 1;
  if (!sound)
    throw new RangeError(
      "Cannot promote by these rules: they need version 1, environments with names of their own, whole soak times, and at least one approval",
    );
}

/** The rules that a rulebook has for promotions, as its `promotion_rules.mdc` writes them; null where it names no environment: then nothing is promoted. */
export function promotionRulesOf(spec: PromotionSpec | null): PromotionRules | null {
  const promotion = spec?.promotion;
  if (promotion === undefined) return null;
  const environments = promotion.environments.map(({ name, automatic = false, soak_hours = 0 }) => ({
    ...{ name, automatic },
    soakMs: soak_hours * 3_600_000,
  }));
  return { version: 1, environments, approvals: promotion.approvals };
}
