/** The files of a commit. */
export type Tree = ReadonlyMap<string, Uint8Array>;

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0);

/** What git makes of two branches: what one has changed is taken; of what both have, logs get the lines of both, and anything else stays ours. */
export function mergeTrees({ base, ours, theirs }: { readonly base: Tree; readonly ours: Tree; readonly theirs: Tree }): Tree {
  const merged = new Map<string, Uint8Array>();
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const [before, mine, other] = [base.get(path), ours.get(path), theirs.get(path)];
    let result = isSame(before, mine) ? other : mine;
    if (path.endsWith(".jsonl") && before !== undefined && mine !== undefined && other !== undefined)
      result = Buffer.concat([mine, other.subarray(before.length)]);
    if (result !== undefined) merged.set(path, result);
  }
  return merged;
}
