import type { JsonValue } from "@gov/schema";
import { type Collected, type Evidence, type EvidencePart, evidenceParts, type EvidenceValues } from "./evidence.ts";

/** One reader per part; the application connects them to files, reports and issue trackers. */
export type EvidencePorts = { readonly [Part in EvidencePart]?: (() => Promise<Collected<EvidenceValues[Part]>>) | undefined };

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

/** How long to wait, and who is told. */
export interface CollectEvidenceOptions {
  /** How long each reader may take; one that takes longer has failed. @default no limit */
  readonly limit?: { readonly milliseconds: number; readonly timers: Timers } | undefined;
  /** Hears how long each reader took; durations never stand in evidence or report. @default nobody */
  readonly timing?: { readonly observer: Observer; readonly clock: Clock } | undefined;
}

/**
 * Collects evidence through the ports, all at once. A part without a port stays null, a reader that fails or takes longer than the limit
 * is recorded with its reason: all make the gates that need the part fail, so nothing passes on what nobody saw.
 *
 * @throws TypeError when a part is asked for twice.
 */
export async function collectEvidence(
  request: EvidenceRequest,
  ports: EvidencePorts,
  options: CollectEvidenceOptions = {},
): Promise<Evidence> {
  const { subject, asOf = null, parts = evidenceParts } = request;
  const { limit, timing } = options;
  if (new Set(parts).size !== parts.length) throw new TypeError(`Cannot collect evidence: a part is named twice in ${parts.join(", ")}`);
  const failures = new Map<EvidencePart, string>();
  const collect = async <Part extends EvidencePart>(part: Part): Promise<Collected<EvidenceValues[Part]> | null> => {
    const port = ports[part] as (() => Promise<Collected<EvidenceValues[Part]>>) | undefined;
    if (port === undefined || !parts.includes(part)) return null;
    const begin = timing?.clock.monotonicMs() ?? 0;
    try {
      return await (limit === undefined ? port() : within(limit, port));
    } catch (error) {
      failures.set(part, error instanceof Error ? error.message : String(error));
      return null;
    } finally {
      const failed = failures.has(part);
      timing?.observer.event("gates.evidence_collected", { part, failed, milliseconds: timing.clock.monotonicMs() - begin });
    }
  };
  const collected = await Promise.all(evidenceParts.map(async (part) => [part, await collect(part)] as const));
  return { subject, asOf, parts: Object.fromEntries(collected) as Evidence["parts"], failures };
}

async function within<T>(
  { milliseconds, timers }: { readonly milliseconds: number; readonly timers: Timers },
  read: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.after(milliseconds, () => reject(new Error(`Reading took longer than ${milliseconds} ms`)));
    void Promise.resolve().then(read).then(resolve, reject).finally(cancel);
  });
}
