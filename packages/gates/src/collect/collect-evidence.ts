import { isJsonObject, type JsonValue } from "@gov/schema";
import { type Digest, digestJson } from "@gov/schema/canonical";
import { type Collected, type Evidence, type EvidencePart, evidenceParts, type EvidenceSource, type EvidenceValues } from "../evidence.ts";
import { reasonOf } from "../internal/reason-of.ts";
import { sortedUnique } from "../internal/text-order.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { EvidenceCache } from "./evidence-cache.ts";
import { limitParallel } from "./limit-parallel.ts";

/** What a reader is told: `signal` is aborted when nobody waits for it any more. */
export interface ReadContext {
  readonly signal: AbortSignal;
}

/** Reads one part. */
export type EvidenceReader<T> = (context: ReadContext) => Promise<Collected<T>>;

/** A reader whose inputs can be named for little, so that what it read from the same inputs need not be read again. */
export interface CachedReader<T> {
  /** The inputs as they stand now, with their digests. */
  readonly inputs: (context: ReadContext) => Promise<readonly EvidenceSource[]>;
  readonly read: EvidenceReader<T>;
}

/** One reader per part; the application connects them to files, reports and issue trackers. */
export type EvidencePorts = {
  readonly [Part in EvidencePart]?: EvidenceReader<EvidenceValues[Part]> | CachedReader<EvidenceValues[Part]> | undefined;
};

/** What to collect, and for whom. */
export interface EvidenceRequest {
  /** Id of the cycle or artifact under judgement. */
  readonly subject: string;
  /** The instant of the judgement, ISO 8601. @default null: nothing that depends on it passes */
  readonly asOf?: string | undefined;
  /** @default every part that has a port */
  readonly parts?: readonly EvidencePart[] | undefined;
}

/** Calls back after a while, unless cancelled; the application passes the machine's timers. */
export interface Timers {
  /** Returns a function that cancels. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** Tells the time; the application passes the machine's clock. */
export interface Clock {
  readonly now: () => number;
  readonly monotonicMs: () => number;
}

/** Hears what happens; telemetry listens. */
export interface Observer {
  readonly event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void;
}

/** How long to wait, how much at once, what to keep, and who is told. */
export interface CollectEvidenceOptions {
  /** How long each reader may take once it began; one that takes longer has failed. @default no limit */
  readonly limit?: { readonly milliseconds: number; readonly timers: Timers } | undefined;
  /** How many readers run at once. @default all */
  readonly maxParallel?: number | undefined;
  /** Keeps what readers with `inputs` read, by the digest of those inputs. @default nothing is kept */
  readonly cache?: EvidenceCache | undefined;
  /** Stops asking readers that keep failing. @default every reader is asked every time */
  readonly breaker?: CircuitBreaker | undefined;
  /** Hears how long each reader took once it began; durations never stand in evidence or report. @default nobody */
  readonly timing?: { readonly observer: Observer; readonly clock: Clock } | undefined;
  /** Ends all reading; what was not read has failed. @default never */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Collects evidence through the ports, in parallel. A part without a port stays null, a reader that fails, gives no value with its
 * sources, takes longer than the limit or is not asked because it kept failing is recorded with its reason: all make the gates that need the part fail, so nothing passes on what
 * nobody saw. What is cached is used only for exactly the inputs it was read from; a value read from other inputs is not kept.
 *
 * @throws TypeError when a part is asked for twice.
 * @throws RangeError when `maxParallel` is no whole number from 1, or `limit.milliseconds` is no number above 0.
 */
export async function collectEvidence(
  request: EvidenceRequest,
  ports: EvidencePorts,
  options: CollectEvidenceOptions = {},
): Promise<Evidence> {
  const { subject, asOf = null, parts = evidenceParts } = request;
  const { maxParallel = evidenceParts.length, breaker, timing, limit } = options;
  if (new Set(parts).size !== parts.length) throw new TypeError(`Cannot collect evidence: a part is named twice in ${parts.join(", ")}`);
  if (limit !== undefined && !(limit.milliseconds > 0 && limit.milliseconds < Infinity))
    throw new RangeError(`Cannot collect evidence: limit.milliseconds must be a number above 0, and is ${limit.milliseconds}`);
  const inTurn = limitParallel(maxParallel);
  const failures = new Map<EvidencePart, string>();
  const collect = async <Part extends EvidencePart>(part: Part): Promise<Collected<EvidenceValues[Part]> | null> => {
    const port = ports[part];
    if (port === undefined || !parts.includes(part)) return null;
    const refusal = breaker?.refusal(part) ?? null;
    if (refusal !== null) {
      failures.set(part, refusal);
      timing?.observer.event("gates.evidence_refused", { part, reason: refusal });
      return null;
    }
    let milliseconds = 0;
    const read = await inTurn(async () => {
      const begin = timing?.clock.monotonicMs() ?? 0;
      try {
        return await readPart(part, { port, options });
      } finally {
        milliseconds = (timing?.clock.monotonicMs() ?? 0) - begin;
      }
    }).catch((error: unknown) => {
      failures.set(part, reasonOf(error));
      return null;
    });
    const failed = read === null;
    breaker?.report(part, failed);
    timing?.observer.event("gates.evidence_collected", { part, failed, cached: read?.isCached ?? false, milliseconds });
    return read?.collected ?? null;
  };
  const collected = await Promise.all(evidenceParts.map(async (part) => [part, await collect(part)] as const));
  return { subject, asOf, parts: Object.fromEntries(collected) as Evidence["parts"], failures };
}

interface PartRead<T> {
  readonly collected: Collected<T>;
  readonly isCached: boolean;
}

async function readPart<T>(
  part: EvidencePart,
  input: { readonly port: EvidenceReader<T> | CachedReader<T>; readonly options: CollectEvidenceOptions },
): Promise<PartRead<T>> {
  const { port, options } = input;
  const { cache } = options;
  return within(options, async (context) => {
    if (typeof port === "function") return { collected: assertCollected(await port(context)), isCached: false };
    if (cache === undefined) return { collected: assertCollected(await port.read(context)), isCached: false };
    const key = keyOf(part, await port.inputs(context));
    const kept = cache.get(key);
    // What a store on a disk gives back may be anything; what is not usable is read again.
    if (isCollected(kept)) return { collected: kept as Collected<T>, isCached: true };
    const collected = assertCollected(await port.read(context));
    // A file may have changed between the two: what is kept under these inputs was read from these inputs.
    if (keyOf(part, collected.sources) === key) cache.set(key, collected);
    return { collected, isCached: false };
  });
}

function assertCollected<T>(collected: Collected<T>): Collected<T> {
  if (!isCollected(collected)) throw new TypeError("The reader gave no value with its sources");
  return collected;
}

function isCollected(collected: unknown): boolean {
  return isJsonObject(collected) && collected["value"] !== undefined && Array.isArray(collected["sources"]);
}

function keyOf(part: EvidencePart, sources: readonly EvidenceSource[]): Digest {
  return digestJson([part, sortedUnique(sources.map(({ path, digest }) => JSON.stringify([path, digest])))]);
}

/** Runs a reader until it comes back, takes too long, or is no longer wanted; whoever is given up on is told by its signal. */
async function within<T>({ limit, signal }: CollectEvidenceOptions, read: (context: ReadContext) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const giveUp = (reason: string) => {
      const error = new Error(reason);
      controller.abort(error);
      reject(error);
    };
    const onAbort = () => giveUp("Reading was given up");
    if (signal?.aborted === true) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    const cancel = limit?.timers.after(limit.milliseconds, () => giveUp(`Reading took longer than ${limit.milliseconds} ms`));
    void Promise.resolve()
      .then(async () => read({ signal: controller.signal }))
      .then(resolve, reject)
      .finally(() => {
        cancel?.();
        signal?.removeEventListener("abort", onAbort);
      });
  });
}
