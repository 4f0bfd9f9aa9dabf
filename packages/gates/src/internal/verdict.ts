import type { Finding } from "@gov/schema";
import type { ValidatorConfig, ValidatorVerdict } from "../validators/validator.ts";
import { makeFinding } from "./make-finding.ts";

/** `PASS` without an error finding, else `FAIL`. */
export function verdictOf(findings: readonly Finding[]): ValidatorVerdict {
  return { outcome: findings.some(({ severity }) => severity === "error") ? "FAIL" : "PASS", findings };
}

/** The verdict on a configuration that cannot be understood: the gate errs, it never passes on a guess. */
export function misconfigured(config: ValidatorConfig, problem: string): ValidatorVerdict {
  return { outcome: "ERROR", findings: [makeFinding("GATES_CONFIG_INVALID", `Cannot run validator "${config.type}": ${problem}`)] };
}

/** The value of an option, or its default when it is absent. */
export function optionOf(config: ValidatorConfig, options: { readonly name: string; readonly fallback: unknown }): unknown {
  return Object.hasOwn(config, options.name) ? config[options.name] : options.fallback;
}
