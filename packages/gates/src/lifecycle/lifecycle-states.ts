import type { LifecycleState } from "@gov/schema";

/** The six states of a cycle, in order (LIF-01). */
export const lifecycleStates: readonly LifecycleState[] = ["PLANNED", "READY_FOR_HANDOFF", "PACKAGED", "EXECUTED", "VALIDATED", "IMPROVE"];
