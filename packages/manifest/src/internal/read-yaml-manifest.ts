import { compareFindings, isJsonObject, parseDocument, type Result } from "@gov/schema";
import { type InlineSeal, readManifestShape } from "../manifest-shape.ts";
import type { ManifestModel } from "../model.ts";
import { planManifest } from "../plan-manifest.ts";
import { decodeManifest } from "./decode-manifest.ts";
import { shapeMember } from "./shape-extension.ts";

/** A manifest as its file has it. */
export interface ManifestText {
  readonly model: ManifestModel;
  /** The signature that stands inside, of the c11 and c22 shapes. */
  readonly seal: InlineSeal | null;
}

/** Reads a manifest in whatever YAML, with the place of everything that is wrong. */
export function readYamlManifest(
  bytes: Uint8Array,
  { path, maxBytes }: { readonly path: string; readonly maxBytes: number },
): Result<ManifestText> {
  const document = parseDocument({ path, bytes }, { format: "yaml", limits: { maxBytes, maxNodes: 1_000_000 } });
  if (!document.ok) return document;
  const { data } = document.value;
  if (isJsonObject(data) && Object.hasOwn(data, shapeMember)) {
    const shaped = readManifestShape(data, { path });
    return shaped.ok ? { ...shaped, value: { model: shaped.value.model, seal: shaped.value.seal } } : shaped;
  }
  const { input, findings } = decodeManifest(document.value.data, { path, locate: document.value.locate });
  if (input === null) return { ok: false, findings: [...findings].sort(compareFindings) };
  // The outcomes a gate may have depend on who seals; whoever reads takes what was sealable at all.
  const pendingGates = Object.keys(input.gateResults).filter((gate) => input.gateResults[gate]?.toUpperCase() === "PENDING");
  const planned = planManifest(input, { requiredGates: [], pendingGates: pendingGates.map((gate) => gate.replaceAll("/", "_")) });
  return planned.ok
    ? { ...planned, value: { model: planned.value, seal: null }, findings: document.findings }
    : { ok: false, findings: planned.findings.map((one) => ({ ...one, path })) };
}
