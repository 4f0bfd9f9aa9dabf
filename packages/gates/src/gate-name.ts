/** The one spelling of a gate's name: `parity/coverage`, `Parity-Coverage` and `parity_coverage` are one gate (B-17). */
export function canonicalGateName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s/-]/g, "_");
}
