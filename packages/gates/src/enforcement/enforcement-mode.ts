/** Every enforcement mode, weakest first: each step asks for more than the one before (GOV-15). */
export const enforcementModes = ["solo", "shadow", "soft_block", "hard_block"] as const;

/**
 * How a rule is enforced: `solo` advises locally, `shadow` reports and never blocks, `soft_block` blocks unless a waiver is in force,
 * `hard_block` blocks whatever any waiver says (GOV-15, B-16).
 */
export type EnforcementMode = (typeof enforcementModes)[number];
