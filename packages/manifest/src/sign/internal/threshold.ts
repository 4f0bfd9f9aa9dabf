/** A verified signature, seen as a vote: who, in which role. */
export interface Vote {
  readonly person: string;
  readonly role: string;
}

/** How far the votes go. */
export interface Tally {
  /** Number of different people. */
  readonly people: number;
  /** People each role still lacks when everyone counts for one role only, by role; empty when every role is served. */
  readonly lacking: ReadonlyMap<string, number>;
}

/**
 * Counts people, never keys or signatures: a person in two roles fills one place. Places are filled as a bipartite matching (augmenting paths),
 * so that nobody is counted in a role where another could have stood.
 */
export function tallyVotes(votes: readonly Vote[], roles: ReadonlyMap<string, number>): Tally {
  const people = [...new Set(votes.map(({ person }) => person))];
  const able = (person: string, role: string): boolean => votes.some((vote) => vote.person === person && vote.role === role);
  const places = [...roles].flatMap(([role, count]) => Array.from({ length: count }, () => role));
  const holder = new Map<number, string>();
  const place = (person: string, tried: Set<number>): boolean => {
    for (const [index, role] of places.entries()) {
      if (tried.has(index) || !able(person, role)) continue;
      tried.add(index);
      const current = holder.get(index);
      if (current === undefined || place(current, tried)) {
        holder.set(index, person);
        return true;
      }
    }
    return false;
  };
  for (const person of people) place(person, new Set());
  const lacking = new Map<string, number>();
  for (const [index, role] of places.entries()) if (!holder.has(index)) lacking.set(role, (lacking.get(role) ?? 0) + 1);
  return { people: people.length, lacking };
}
