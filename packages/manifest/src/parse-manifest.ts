import type { Result } from "@gov/schema";
import { readWrittenManifest } from "./internal/read-written-manifest.ts";
import { type ManifestText, readYamlManifest } from "./internal/read-yaml-manifest.ts";
import type { ManifestModel } from "./model.ts";

/** Options of {@link parseManifest}. */
export interface ParseManifestOptions {
  /** Path named in findings. @default "handoff_manifest.yaml" */
  readonly path?: string | undefined;
  /** Largest manifest that is read, in bytes. @default 67108864 */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads the text of a manifest file strictly, whoever wrote the YAML: no unknown, missing or repeated field, nothing that could not be sealed; findings name line and
 * column. A manifest in another of the four shapes is read when it was emitted here (MAN-06). Says nothing about who sealed it: that is `verifyManifest`.
 */
export function parseManifest(text: string | Uint8Array, options: ParseManifestOptions = {}): Result<ManifestModel> {
  const read = readManifestText(text, options);
  return read.ok ? { ...read, value: read.value.model } : read;
}

/** Reads the text of a manifest with what stands inside beside the model. @internal */
export function readManifestText(text: string | Uint8Array, options: ParseManifestOptions = {}): Result<ManifestText> {
  const { path = "handoff_manifest.yaml", maxBytes = 64 * 1024 * 1024 } = options;
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const written = bytes.length > maxBytes ? null : readWrittenManifest(decode(bytes));
  if (written !== null) return { ok: true, value: { model: written, seal: null }, findings: [] };
  return readYamlManifest(bytes, { path, maxBytes });
}

/** What is not UTF-8 is no manifest that was written here; a byte order mark stays, and so does its difference. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}
