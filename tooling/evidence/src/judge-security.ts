import { collectEvidence, evaluateGates, type GateReport, type SecurityEvidence } from "@gov/gates";
import { digestBytes } from "@gov/schema/canonical";
import { parseTrivy } from "@gov/schema/reports";

/**
 * Judges a Trivy report (`trivy fs --format json`) with the project's own gate engine: anything critical, high or not weighed blocks.
 * A report that cannot be read, or that looked at nothing, blocks too.
 */
export async function judgeSecurity(input: { readonly path: string; readonly bytes: Uint8Array }): Promise<GateReport> {
  const gates = { security: { triggers: [], validators: [{ type: "security_findings" }] } };
  const evidence = await collectEvidence(
    { subject: "security" },
    { security: async () => ({ value: readReport(input), sources: [{ path: input.path, digest: digestBytes(input.bytes) }] }) },
  );
  return evaluateGates(evidence, gates);
}

function readReport(input: { readonly path: string; readonly bytes: Uint8Array }): SecurityEvidence {
  const parsed = parseTrivy(input);
  if (!parsed.ok) throw new Error(parsed.findings.map(({ message }) => message).join("; "));
  const { Results: results } = JSON.parse(new TextDecoder().decode(input.bytes)) as { readonly Results?: readonly unknown[] };
  return {
    scanned: results?.length ?? 0,
    findings: parsed.value.issues
      .filter(({ suppressed }) => !suppressed)
      .map(({ rule, level, message, path }) => ({ id: rule, severity: level ?? "unknown", target: message, path })),
  };
}
