/** Where the chained log of decisions, gate results and transitions stands, relative to the governed root. */
export const decisionLog = "memory-bank/decisions/index.jsonl";

/** A log beyond this is read in pieces by other means than a command. */
export const maxLogBytes = 1 << 28;
