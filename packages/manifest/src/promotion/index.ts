/**
 * Going back as safely as forward: rollback playbooks as data, run step by step, resumed after a crash, with promotions frozen until the gate passes again.
 *
 * @example Choose the playbook an event calls for
 * ```ts
 * import assert from "node:assert/strict";
 * import { choosePlaybook } from "@gov/manifest/promotion";
 *
 * const playbook = choosePlaybook({ trigger: "slo_breach" });
 * assert.equal(playbook?.steps[0], "freeze");
 * assert.equal(choosePlaybook({ trigger: "severe_finding", waived: true }), null);
 * ```
 *
 * @packageDocumentation
 */
export { applyPromotion, type ApplyPromotionOptions, type PromotionReport, type PromotionSource } from "./apply-promotion.ts";
export { applyStatus, type ApplyStatusOptions } from "./apply-status.ts";
export type { EntryLog, LogInput } from "./entry-log.ts";
export { type Freeze, type FreezeOptions, freezePromotions, type UnfreezeOptions, unfreezePromotions } from "./freeze.ts";
export { freezeKind, unfreezeKind } from "./freeze-entries.ts";
export { parsePlaybook, type ParsePlaybookOptions } from "./parse-playbook.ts";
export { type PlacedArtifacts, readPlacedArtifacts, standAsSealed } from "./placed-artifacts.ts";
export {
  planPromotion,
  type PlanPromotionOptions,
  type PromotionCause,
  promotionCauses,
  type PromotionPlan,
  type PromotionRequest,
} from "./plan-promotion.ts";
export { planStatus, type StatusPlan, type StatusRequest } from "./plan-status.ts";
export {
  assertPlaybook,
  choosePlaybook,
  pipelinePlaybook,
  type Playbook,
  type PlaybookAction,
  playbookActions,
  promotionPlaybook,
  type RollbackEvent,
  type RollbackTrigger,
  rollbackTriggers,
} from "./playbooks.ts";
export {
  type EnvironmentState,
  type PromotedManifest,
  type PromotionBoard,
  type PromotionStatus,
  promotionStatuses,
  promotionStatusKind,
  readPromotionBoard,
} from "./promotion-board.ts";
export { assertPromotionRules, type EnvironmentRule, type PromotionRules, promotionRulesOf } from "./promotion-rules.ts";
export {
  assertNotFrozen,
  type OpenRun,
  playbookStepKind,
  type PromotionAction,
  promotionActions,
  type PromotionState,
  readFreezes,
  readPromotionState,
  type ReadPromotionStateOptions,
  type StepName,
  type StepRecord,
} from "./promotion-state.ts";
export { type PlaybookPorts, type PlaybookReport, runPlaybook, type RunPlaybookOptions } from "./run-playbook.ts";
