import { manifestLines } from "./internal/manifest-lines.ts";
import type { ManifestModel } from "./model.ts";

export { manifestWireVersion } from "./internal/manifest-lines.ts";

/**
 * Returns the text of a manifest file: YAML in the c33 wire shape (MAN-05) with cycle, sequence, sizes and the prior digest added. Every text is quoted,
 * nothing is folded, mappings are sorted: the same model always gives the same bytes, and every YAML reader gives the same values.
 */
export function renderManifest(model: ManifestModel): string {
  let text = "";
  for (const line of manifestLines(model)) text += `${line}\n`;
  return text;
}
