import type { ValidatorConfig } from "../validators/validator.ts";
import { optionOf } from "./verdict.ts";

/** A numeric option within its bounds; null when it is something else. */
export function numberOption(
  config: ValidatorConfig,
  options: { readonly name: string; readonly fallback: number; readonly max?: number | undefined },
): number | null {
  const value = optionOf(config, options);
  return typeof value === "number" && value >= 0 && value <= (options.max ?? Number.MAX_SAFE_INTEGER) ? value : null;
}

/** An option that is a list of texts; null when it is something else. */
export function textsOption(
  config: ValidatorConfig,
  options: { readonly name: string; readonly fallback: readonly string[] },
): readonly string[] | null {
  const value = optionOf(config, options);
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
}
