/**
 * Rules as conditions over tags, and what they require.
 *
 * @packageDocumentation
 */
export { statusWithoutApproval } from "./approved-status.ts";
export { type CompiledGovernance, type CompiledRule, compileGovernance, type GovernanceRules } from "./compile-governance.ts";
export { type ChecklistArea, complianceChecklist, renderComplianceChecklist } from "./compliance-checklist.ts";
export { evaluateGovernance, type EvaluateGovernanceOptions, type GovernanceReport } from "./evaluate-governance.ts";
export { evaluateFlag, type FlagDecision } from "./feature-flag.ts";
export { governanceRules } from "./governance-validator.ts";
export { governedSubjectOf } from "./governed-subject-of.ts";
export type { GovernedEvidence, GovernedSubject } from "./governed-subject.ts";
export { type DueEntry, dueEntryTypes, type DueFacts, type DuePlan, planDue } from "./plan-due.ts";
export { type RequirementHandler, requirementHandlers } from "./requirements.ts";
export { type PolicyChange, simulatePolicy } from "./simulate-policy.ts";
