/** Kind of the log entry of a freeze by hand. */
export const freezeKind = "PROMOTION_FREEZE";

/** Kind of the log entry that lifts one. */
export const unfreezeKind = "PROMOTION_UNFREEZE";
