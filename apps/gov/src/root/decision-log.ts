/** Where the chained log of decisions, gate results and transitions stands, relative to the governed root. */
export const decisionLog = "memory-bank/decisions/index.jsonl";

/** Where its first entries go when `gov audit archive` moves them out of it. */
export const decisionArchives = "memory-bank/decisions/archive";

/** A log with its archives beyond this is read in pieces by other means than a command. */
export const maxLogBytes = 1 << 28;
