import type { Finding } from "@gov/schema";
import { canonicalGateName } from "../gate-name.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { FrameworkEvidence } from "../operations-evidence.ts";
import { requiredGates } from "../select-gates.ts";
import type { Validator } from "./validator.ts";

/**
 * `framework_contract`: every document under judgement is of a kind the framework's contract allows, every required kind is there, the
 * lifecycle has exactly the contract's states, and each step is guarded by the gates the contract asks for (SCH-05).
 */
export const frameworkContract: Validator = {
  type: "framework_contract",
  options: [],
  needs: () => ["artifacts", "framework"],
  evaluate: (_config, evidence) => {
    const framework = evidence.parts.framework?.value;
    if (framework === undefined) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge the framework: it has no contract")]);
    const { contract } = framework;
    const artifacts = evidence.parts.artifacts?.value ?? [];
    const allowed = new Set(contract.artifacts.map(({ kind }) => kind));
    const broken = (message: string, path: string | null = null) => makeFinding("GATES_FRAMEWORK_BROKEN", message, { path });
    return verdictOf([
      ...artifacts
        .filter(({ kind }) => !allowed.has(kind))
        .map(({ kind, path }) => broken(`Framework "${contract.framework}" does not allow "${path}" of kind "${kind}"`, path)),
      ...contract.artifacts
        .filter(({ kind, required }) => required && !artifacts.some((artifact) => artifact.kind === kind))
        .map(({ kind }) => broken(`Framework "${contract.framework}" requires a document of kind "${kind}"`)),
      ...stateFindings(framework, broken),
      ...gateFindings(framework, broken),
    ]);
  },
};

type Broken = (message: string) => Finding;

function stateFindings({ contract, states }: FrameworkEvidence, broken: Broken): readonly Finding[] {
  const name = contract.framework;
  return [
    ...contract.states
      .filter((state) => !states.includes(state))
      .map((state) => broken(`Framework "${name}" has state ${state}, which the lifecycle has not`)),
    ...states
      .filter((state) => !contract.states.includes(state))
      .map((state) => broken(`The lifecycle has state ${state}, which framework "${name}" does not allow`)),
  ];
}

function gateFindings({ contract, gates }: FrameworkEvidence, broken: Broken): readonly Finding[] {
  return contract.gate_checks.flatMap(({ from, to, gates: wanted }) => {
    const required = requiredGates(gates, { from, to });
    return wanted
      .filter((gate) => !required.includes(canonicalGateName(gate)))
      .map((gate) => broken(`Framework "${contract.framework}" asks for gate "${gate}" at ${from} -> ${to}, where it does not stand`));
  });
}
