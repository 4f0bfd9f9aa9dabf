import { parseManifest } from "@gov/manifest";
import { formatUtc, parseTime } from "@gov/telemetry";
import type { Context } from "../context.ts";
import { commitTimes } from "./commit-times.ts";

/** The time at which the keys of a sealed manifest have to be valid. */
export type SealedAt = (path: string, manifestBytes: Uint8Array) => string;

/**
 * When manifests of a root were sealed: when their envelopes were committed, and not before the time that they give themselves, so that a key that was rotated
 * since still proves what it sealed. What no commit holds was sealed just now.
 */
export async function sealedAt(context: Context, directory: string): Promise<SealedAt> {
  const times = await commitTimes(context, directory);
  return (path, bytes) => {
    const committed = times.get(`${path}.dsse.json`);
    const parsed = parseManifest(bytes, { path });
    const created = parsed.ok ? parseTime(parsed.value.createdAt) : null;
    if (committed === undefined || created === null) return formatUtc(context.clock.now());
    return formatUtc(Math.max(committed * 1000, created));
  };
}
