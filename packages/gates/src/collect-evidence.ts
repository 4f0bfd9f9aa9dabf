import { type Collected, type Evidence, type EvidencePart, evidenceParts, type EvidenceValues } from "./evidence.ts";

/** One reader per part; the application connects them to files, reports and issue trackers. */
export type EvidencePorts = { readonly [Part in EvidencePart]?: (() => Promise<Collected<EvidenceValues[Part]>>) | undefined };

/** What to collect, and for whom. */
export interface EvidenceRequest {
  /** Id of the cycle or artifact under judgement. */
  readonly subject: string;
  /** @default every part that has a port */
  readonly parts?: readonly EvidencePart[] | undefined;
}

/**
 * Collects evidence through the ports, all at once. A part without a port stays null, a reader that fails is recorded with its
 * reason: both make the gates that need the part fail, so nothing passes on what nobody saw.
 *
 * @throws TypeError when a part is asked for twice.
 */
export async function collectEvidence(request: EvidenceRequest, ports: EvidencePorts): Promise<Evidence> {
  const { subject, parts = evidenceParts } = request;
  if (new Set(parts).size !== parts.length) throw new TypeError(`Cannot collect evidence: a part is named twice in ${parts.join(", ")}`);
  const failures = new Map<EvidencePart, string>();
  const collect = async <Part extends EvidencePart>(part: Part): Promise<Collected<EvidenceValues[Part]> | null> => {
    const port = ports[part] as (() => Promise<Collected<EvidenceValues[Part]>>) | undefined;
    if (port === undefined || !parts.includes(part)) return null;
    try {
      return await port();
    } catch (error) {
      failures.set(part, error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  const collected = await Promise.all(evidenceParts.map(async (part) => [part, await collect(part)] as const));
  return { subject, parts: Object.fromEntries(collected) as Evidence["parts"], failures };
}
