import type { Git, Revision } from "../../src/context.ts";

type Files = ReadonlyMap<string, Uint8Array>;

interface Commit {
  readonly id: string;
  readonly seconds: number;
  readonly files: Files;
}

const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a !== undefined && b !== undefined && Buffer.from(a).equals(b);

/** Version control in memory, with one line of history; what the files look like now, the caller says. */
export function simulatedGit(files: () => Files, now: () => number): Git & { readonly commit: () => void } {
  const commits: Commit[] = [];
  const head = (): Files => commits.at(-1)?.files ?? new Map<string, Uint8Array>();
  const below = (directory: string, all: Files): ReadonlyMap<string, Uint8Array> =>
    new Map(
      [...all].flatMap(([path, bytes]) => (path.startsWith(`${directory}/`) ? [[path.slice(directory.length + 1), bytes] as const] : [])),
    );
  return {
    commit: () =>
      void commits.push({ id: String(commits.length + 1).padStart(40, "0"), seconds: Math.floor(now() / 1000), files: files() }),
    revision: async () => commits.at(-1)?.id ?? null,
    commitTimes: async (directory) => {
      const current = below(directory, files());
      const times = new Map<string, number>();
      let before: ReadonlyMap<string, Uint8Array> = new Map();
      for (const commit of commits) {
        const here = below(directory, commit.files);
        for (const [path, bytes] of here) if (!isSame(bytes, before.get(path))) times.set(path, commit.seconds);
        before = here;
      }
      // What stands otherwise than the last commit has it has no commit time.
      for (const path of times.keys()) if (!isSame(current.get(path), before.get(path))) times.delete(path);
      return times;
    },
    authors: async () => ["author@example.org"],
    history: async (directory, keep) => {
      const revisions: Revision[] = [];
      let before: ReadonlyMap<string, Uint8Array> = new Map();
      for (const commit of commits) {
        const here = new Map([...below(directory, commit.files)].filter(([path]) => keep(path)));
        const isChanged = here.size !== before.size || [...here].some(([path, bytes]) => !isSame(bytes, before.get(path)));
        if (isChanged) revisions.push({ commit: commit.id, files: here });
        before = here;
      }
      return revisions;
    },
    changedSince: async (directory) => {
      const [then, current] = [below(directory, head()), below(directory, files())];
      return [...new Set([...then.keys(), ...current.keys()])].filter((path) => !isSame(then.get(path), current.get(path))).sort();
    },
    staged: async () => new Map(),
    hooks: async () => null,
    mergeDriver: async () => "union",
    userEmail: async () => "author@example.org",
  };
}
