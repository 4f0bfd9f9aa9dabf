import { join } from "node:path";
import { replaceFile } from "@gov/atomic-io";
import { type CircuitBreaker, type Collected, createCircuitBreaker, type EvidenceCache, type EvidencePart } from "@gov/gates";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject, type JsonValue } from "@gov/schema";
import type { Context } from "../context.ts";
import { cachePlace } from "./cache-place.ts";

const cacheName = "cache/evidence-v1.json";
const storePath = `.gov/${cacheName}`;
const maxBytes = 1 << 24;
const maxEntries = 64;

/** What one run of gates hands on to the next: what was read from which inputs, and whom nobody need ask for a while. */
export interface EvidenceStore {
  readonly cache: EvidenceCache;
  readonly breaker: CircuitBreaker;
  /** Keeps it, where a root has a `.gov/` to keep it in. A failure to do so is none of the run. */
  readonly save: () => Promise<void>;
}

const answeredByOthers: ReadonlySet<EvidencePart> = new Set<EvidencePart>(["custom", "health"]);

type Entry = readonly [key: string, collected: Collected<unknown>];

/** Opens the store of a root; anything odd about its file counts as an empty one. */
export async function openEvidenceStore(context: Context, directory: string): Promise<EvidenceStore> {
  const path = join(directory, storePath);
  const { version } = context;
  const kept = await readStore(context, path);
  const entries = new Map<string, Collected<unknown>>(kept.entries);
  let isChanged = false;
  // The pause is measured by the clock on the wall, which goes on between two runs.
  const breaker = createCircuitBreaker({ clock: { monotonicMs: context.clock.now }, initial: kept.breaker });
  const before = JSON.stringify(breaker.memory());
  return {
    cache: {
      get: (key) => entries.get(key),
      set: (key, value) => {
        entries.set(key, value);
        isChanged = true;
      },
    },
    // Whoever mends a file of theirs need not wait: only what others answer is left alone.
    breaker: {
      ...breaker,
      refusal: (part) => (answeredByOthers.has(part) ? breaker.refusal(part) : null),
      report: (part, failed) => (answeredByOthers.has(part) ? breaker.report(part, failed) : undefined),
    },
    save: async () => {
      if (!isChanged && JSON.stringify(breaker.memory()) === before) return;
      const place = await cachePlace(context, join(directory, ".gov"), cacheName);
      if (place === null) return;
      const text = JSON.stringify({ version, breaker: breaker.memory(), entries: [...entries].slice(-maxEntries) });
      try {
        await replaceFile(place, text, { fs: context.cacheFs });
      } catch {
        // Without it the next run reads and asks again, and is right all the same.
      }
    },
  };
}

async function readStore(context: Context, path: string): Promise<{ readonly entries: readonly Entry[]; readonly breaker: JsonValue }> {
  const none = { entries: [], breaker: null };
  try {
    const read = await readFileBounded(path, { maxBytes, fs: context.fs, path: storePath });
    const file = read.ok ? (JSON.parse(new TextDecoder().decode(read.value)) as JsonValue) : null;
    // Another version may read other things from the same inputs.
    if (!isJsonObject(file) || file["version"] !== context.version || !Array.isArray(file["entries"])) return none;
    return { entries: file["entries"] as unknown as readonly Entry[], breaker: file["breaker"] ?? null };
  } catch {
    return none;
  }
}
