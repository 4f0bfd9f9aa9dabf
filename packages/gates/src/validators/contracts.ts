import type { Finding } from "@gov/schema";
import type { ContractEvidence } from "../evidence.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `contracts`: what the streams owe each other is satisfied or stubbed, and somebody owns it (GAT-15, ART-17). */
export const contracts: Validator = {
  type: "contracts",
  options: [],
  needs: () => ["contracts"],
  evaluate: (_config, evidence) => verdictOf((evidence.parts.contracts?.value ?? []).flatMap(contractFindings)),
};

/** What is wrong with one contract. */
export function contractFindings(contract: ContractEvidence): readonly Finding[] {
  const { id, owner, state } = contract;
  const findings: Finding[] = [];
  if (state !== "satisfied" && state !== "stubbed") {
    findings.push(makeFinding("GATES_CONTRACT_OPEN", `Contract "${id}" is ${state}: it must be satisfied or stubbed`, contract));
  }
  if (owner === null || owner.trim() === "")
    findings.push(makeFinding("GATES_CONTRACT_OWNER_MISSING", `Contract "${id}" has no owner`, contract));
  return findings;
}
