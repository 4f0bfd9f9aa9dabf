import { compareFindings, parseDocument, type Result } from "@gov/schema";
import { decodeManifest } from "./internal/decode-manifest.ts";
import type { ManifestModel } from "./model.ts";
import { planManifest } from "./plan-manifest.ts";

/** Options of {@link parseManifest}. */
export interface ParseManifestOptions {
  /** Path named in findings. @default "handoff_manifest.yaml" */
  readonly path?: string | undefined;
  /** Largest manifest that is read, in bytes. @default 67108864 */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads the text of a manifest file strictly: no unknown, missing or repeated field, nothing that could not be sealed; findings name line and column.
 * Says nothing about who sealed it: that is `verifyManifest`.
 */
export function parseManifest(text: string | Uint8Array, options: ParseManifestOptions = {}): Result<ManifestModel> {
  const { path = "handoff_manifest.yaml", maxBytes = 64 * 1024 * 1024 } = options;
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const document = parseDocument({ path, bytes }, { format: "yaml", limits: { maxBytes, maxNodes: 1_000_000 } });
  if (!document.ok) return document;
  const { input, findings } = decodeManifest(document.value.data, { path, locate: document.value.locate });
  if (input === null) return { ok: false, findings: [...findings].sort(compareFindings) };
  // The outcomes a gate may have depend on who seals; whoever reads takes what was sealable at all.
  const pendingGates = Object.keys(input.gateResults).filter((gate) => input.gateResults[gate]?.toUpperCase() === "PENDING");
  const planned = planManifest(input, { requiredGates: [], pendingGates: pendingGates.map((gate) => gate.replaceAll("/", "_")) });
  return planned.ok
    ? { ...planned, findings: document.findings }
    : { ok: false, findings: planned.findings.map((one) => ({ ...one, path })) };
}
