import type { GateConfig, JsonValue } from "@gov/schema";
import { type Digest, digestJson } from "@gov/schema/canonical";

/** Digest of a gate's configuration, by which a report shows under which rules it was made. */
export function gateConfigDigest(config: GateConfig): Digest {
  // The round trip drops optional fields that are present but undefined, which canonical JSON refuses.
  return digestJson(JSON.parse(JSON.stringify(config)) as JsonValue);
}
