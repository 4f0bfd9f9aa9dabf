import { IndexError, type IndexStore, type StoredEntry } from "@gov/index-writer";
import { canonicalJson } from "@gov/schema/canonical";

/** What a store checks; one that leaves something out is a mutant that the suite must catch. */
export interface Checks {
  readonly epoch: boolean;
  readonly sequence: boolean;
  readonly ids: boolean;
  readonly expiry: boolean;
}

/** The reference: a record in memory, shared by its holders, as plain as it can be. */
export function memoryRecord(
  leaseMs: number,
  checks: Checks,
): { readonly open: () => IndexStore; readonly silence: (store: IndexStore) => void } {
  const entries: StoredEntry[] = [];
  const silent = new Set<IndexStore>();
  let epoch = 0;
  let holder: IndexStore | null = null;
  let aliveMs = 0;
  const fail = (
    code: "INDEX_CLOSED" | "INDEX_ID_CONFLICT" | "INDEX_LOCKED" | "INDEX_SEQUENCE_CONFLICT" | "INDEX_SUPERSEDED",
    details = {},
  ): never => {
    throw new IndexError(code, "Refused", { details });
  };
  const open = (): IndexStore => {
    let closed = false;
    const alive = setInterval(() => holder === store && !silent.has(store) && (aliveMs = performance.now()), leaseMs / 8).unref();
    const mustBeOpen = (): void => void (closed && fail("INDEX_CLOSED"));
    const store: IndexStore = {
      acquire: async ({ timeoutMs = 0 } = {}) => {
        mustBeOpen();
        const untilMs = performance.now() + timeoutMs;
        while (holder !== null && !(checks.expiry && performance.now() - aliveMs > leaseMs)) {
          if (performance.now() >= untilMs) fail("INDEX_LOCKED");
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const mine = ++epoch;
        holder = store;
        aliveMs = performance.now();
        return {
          epoch: mine,
          seq: entries.length,
          signal: new AbortController().signal,
          release: async () => void (epoch === mine && (holder = null)),
        };
      },
      commit: async (commit) => {
        mustBeOpen();
        // eslint-disable-next-line no-control-regex -- they are what is refused
        if (commit.entries.length === 0 || commit.entries.some(({ id }) => !/^[^\0-\x1f\x7f]{1,256}$/.test(id) || /\p{Cs}/u.test(id)))
          throw new RangeError("Refused");
        const texts = commit.entries.map(({ payload }) => canonicalJson(payload));
        if (checks.epoch && (commit.epoch !== epoch || epoch === 0)) fail("INDEX_SUPERSEDED");
        if (checks.sequence && commit.expectedSeq !== entries.length) fail("INDEX_SEQUENCE_CONFLICT", { seq: entries.length });
        const added: StoredEntry[] = [];
        const placed = commit.entries.map(({ id, payload }, index) => {
          const known = checks.ids ? [...entries, ...added].find((entry) => entry.id === id) : undefined;
          if (known !== undefined && canonicalJson(known.payload) !== texts[index])
            fail("INDEX_ID_CONFLICT", { id, seq: known.seq, index });
          if (known !== undefined) return { seq: known.seq, duplicate: true };
          const entry = { seq: entries.length + added.length + 1, epoch: commit.epoch, id, payload };
          added.push(entry);
          return { seq: entry.seq, duplicate: false };
        });
        entries.push(...added);
        return placed;
      },
      lastSeq: async () => (mustBeOpen(), entries.length),
      read: async function* (fromSeq = 1) {
        yield* entries.slice(fromSeq - 1);
      },
      close: async () => {
        closed = true;
        clearInterval(alive);
        if (holder === store) holder = null;
      },
      [Symbol.asyncDispose]: () => store.close(),
    };
    return store;
  };
  return { open, silence: (store) => void silent.add(store) };
}
