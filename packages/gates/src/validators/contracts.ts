import type { Finding } from "@gov/schema";
import type { ContractEvidence } from "../evidence.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `contracts`: what the streams owe each other is satisfied or stubbed, somebody owns it, and none has slipped (GAT-15, ART-17). One that
 * is not satisfied by the day it is due has slipped, stubbed or not, and has to name who is told.
 */
export const contracts: Validator = {
  type: "contracts",
  options: [],
  needs: () => ["contracts"],
  evaluate: (_config, evidence) =>
    verdictOf((evidence.parts.contracts?.value ?? []).flatMap((contract) => contractFindings(contract, { asOf: evidence.asOf }))),
};

/** What is wrong with one contract at an instant. */
export function contractFindings(contract: ContractEvidence, options: { readonly asOf: string | null }): readonly Finding[] {
  const { id, owner, state } = contract;
  const findings: Finding[] = [];
  if (state !== "satisfied" && state !== "stubbed") {
    findings.push(makeFinding("GATES_CONTRACT_OPEN", `Contract "${id}" is ${state}: it must be satisfied or stubbed`, contract));
  }
  if (owner === null || owner.trim() === "")
    findings.push(makeFinding("GATES_CONTRACT_OWNER_MISSING", `Contract "${id}" has no owner`, contract));
  return [...findings, ...slipFindings(contract, options.asOf)];
}

const day = 86_400_000;

function slipFindings(contract: ContractEvidence, asOf: string | null): readonly Finding[] {
  const { id, due, state, escalationTo } = contract;
  if (due === null || state === "satisfied") return [];
  const slipped = (message: string, hint?: string) => makeFinding("GATES_CONTRACT_SLIPPED", message, { ...contract, hint });
  const [end, now] = [parseTime(due), asOf === null ? null : parseTime(asOf)];
  if (end === null) return [slipped(`Contract "${id}" is due on "${due}", which is no time`)];
  if (now === null) return [slipped(`Contract "${id}" is due on ${due}, and nobody said what time it is`)];
  // A day that is due lasts until its end.
  if (now < (due.includes("T") ? end : end + day)) return [];
  const isNamed = escalationTo !== null && escalationTo.trim() !== "";
  const hint = isNamed ? `Escalate it to ${escalationTo}` : undefined;
  return [
    slipped(`Contract "${id}" slipped: it is ${state}, and was due on ${due}`, hint),
    ...(isNamed
      ? []
      : [makeFinding("GATES_CONTRACT_ESCALATION_MISSING", `Contract "${id}" slipped, and names nobody to escalate to`, contract)]),
  ];
}
