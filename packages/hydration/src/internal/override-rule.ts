/** Names an explicit decision where a rule is named; no route may have this id. */
export const overrideRule = "override";
