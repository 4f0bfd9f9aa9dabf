import type { Git } from "./context.ts";

/** Git that is loaded by the first question: most calls ask none, and starting other programs takes a while to load. */
export function laterGit(load: () => Promise<Git>): Git {
  return {
    revision: async (...args) => (await load()).revision(...args),
    commitTimes: async (...args) => (await load()).commitTimes(...args),
    authors: async (...args) => (await load()).authors(...args),
    history: async (...args) => (await load()).history(...args),
    changedSince: async (...args) => (await load()).changedSince(...args),
    staged: async (...args) => (await load()).staged(...args),
    hooks: async (...args) => (await load()).hooks(...args),
    mergeDriver: async (...args) => (await load()).mergeDriver(...args),
    userEmail: async (...args) => (await load()).userEmail(...args),
  };
}
