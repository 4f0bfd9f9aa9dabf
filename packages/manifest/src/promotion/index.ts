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
export type { EntryLog, LogInput } from "./entry-log.ts";
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
  assertNotFrozen,
  playbookStepKind,
  type PromotionState,
  readPromotionState,
  type ReadPromotionStateOptions,
  type StepRecord,
} from "./promotion-state.ts";
export { type PlaybookPorts, type PlaybookReport, runPlaybook, type RunPlaybookOptions } from "./run-playbook.ts";
