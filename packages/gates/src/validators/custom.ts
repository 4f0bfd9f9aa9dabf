import { makeFinding } from "../internal/make-finding.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `custom {script}`: a module of the user's own, which the policy trusts, ran while evidence was collected and passed (GAT-08). Judging
 * runs nothing: what the module found is evidence like any other. One that did not run, or is not trusted, never passes.
 */
export const custom: Validator = {
  type: "custom",
  options: ["script"],
  needs: () => ["custom"],
  evaluate: (config, evidence) => {
    const script = optionOf(config, { name: "script", fallback: null });
    if (typeof script !== "string" || script === "") return misconfigured(config, "script must be the path of a module");
    const runs = (evidence.parts.custom?.value ?? []).filter((run) => run.script === script);
    const [run, another] = runs;
    if (run === undefined || another !== undefined)
      return misconfigured(config, `module "${script}" ran ${runs.length} times while evidence was collected`);
    if (run.outcome === "PASS") return verdictOf(run.findings);
    const silent = makeFinding("GATES_CUSTOM_FAILED", `Module "${script}" did not pass, and does not say why`, { path: script });
    return { outcome: run.outcome, findings: run.findings.length === 0 ? [silent] : run.findings };
  },
};
