import { collectEvidence, evaluateGates } from "@gov/gates";
import { artifactsOfFramework, checkContract } from "@gov/hydration";
import type { ContractSpec, Finding, LifecycleState } from "@gov/schema";
import { InputError } from "../command.ts";
import type { Governed } from "./load-governed.ts";
import { ruleDocuments } from "./load-documents.ts";

/** What a framework's contract says of the documents, states and gates there are. */
export interface FrameworkReport {
  readonly framework: string;
  /** How many documents were judged. */
  readonly artifacts: number;
  readonly findings: readonly Finding[];
}

/**
 * Judges the contract in force: which artifacts stand where by hydration, states and gate checks by gates, one report of both
 * (SCH-05).
 */
export async function frameworkReport(governed: Governed, framework: string | undefined): Promise<FrameworkReport> {
  const { root, documents, rules } = governed;
  const { contract } = rules.rulebook;
  if (contract === null)
    throw new InputError("CLI_NO_CONTRACT", "No approved framework_contract document says what a framework has", {
      hint: "gov init writes one to start from",
    });
  const ruling = ruleDocuments(root, documents.artifacts);
  const artifacts = artifactsOfFramework(
    contract,
    documents.artifacts.filter((artifact) => !ruling.includes(artifact)),
  );
  const path = ruling.find(({ kind, status }) => kind === "framework_contract" && status === "approved")?.path;
  const report = checkContract(contract, artifacts, { framework, path });
  const findings = [...report.violations, ...(await lifecycleFindings(governed, contract))];
  return { framework: report.framework, artifacts: artifacts.length, findings };
}

/** Every state of the lifecycle in force. */
export function lifecycleStates({ rules }: Governed): readonly LifecycleState[] {
  const { transitions } = rules.preset.lifecycle;
  return [...new Set(transitions.flatMap(({ from, to }) => [from, to]))].filter((state) => state !== null);
}

/** What gates say of the states and gate checks of a contract; its artifacts are judged by place as well, above. */
async function lifecycleFindings(governed: Governed, contract: ContractSpec): Promise<readonly Finding[]> {
  const states = lifecycleStates(governed);
  const framework = { contract: { ...contract, artifacts: [] }, states, gates: governed.rules.rulebook.gates };
  const evidence = await collectEvidence(
    { subject: contract.framework },
    { artifacts: async () => ({ value: [], sources: [] }), framework: async () => ({ value: framework, sources: [] }) },
  );
  return evaluateGates(evidence, { framework_contract: { triggers: [], validators: [{ type: "framework_contract" }] } }).findings;
}
