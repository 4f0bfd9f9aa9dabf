import { type Digest, digestJson } from "../canonical/digest.ts";
import type { JsonValue } from "../json.ts";
import type { Rulebook } from "./rulebook.ts";

/**
 * Returns the digest of the rules in force: of the canonical JSON of exactly the resolved rulebook (SCH-16, B-14).
 * Indentation, comments, file names and places of the rule documents do not change it; any rule, gate, KPI, preset or schema version does.
 */
export function rulebookHash(rulebook: Rulebook): Digest {
  return digestJson(rulebook as unknown as JsonValue);
}
