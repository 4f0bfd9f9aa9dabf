import { describe, expect, it } from "vitest";
import { judgeSecurity } from "../src/judge-security.ts";

const found = (severity: string) => ({
  VulnerabilityID: `CVE-2026-${severity.length}`,
  PkgName: "left-pad",
  InstalledVersion: "1.0.0",
  Severity: severity,
});

async function judge(report: unknown): Promise<readonly string[]> {
  const bytes = new TextEncoder().encode(typeof report === "string" ? report : JSON.stringify(report));
  const { outcome, findings } = await judgeSecurity({ path: "trivy.json", bytes });
  return [outcome, ...findings.map(({ code, severity }) => `${code} ${severity}`)];
}

const scan = (...severities: readonly string[]) => ({
  SchemaVersion: 2,
  Results: [{ Target: "pnpm-lock.yaml", Vulnerabilities: severities.map(found) }],
});

describe("judgeSecurity()", () => {
  it("blocks on what is critical, high or not weighed, and warns of the rest (GOV-18, QAC-09)", async () => {
    expect(await judge(scan())).toEqual(["PASS"]);
    expect(await judge(scan("MEDIUM", "LOW"))).toEqual(["PASS", "GATES_SECURITY_FINDING warning", "GATES_SECURITY_FINDING warning"]);
    for (const severity of ["CRITICAL", "HIGH", "UNKNOWN"])
      expect(await judge(scan(severity))).toEqual(["FAIL", "GATES_SECURITY_FINDING error"]);
  });

  it("blocks when the report looked at nothing or cannot be read (GOV-18)", async () => {
    expect((await judge({ SchemaVersion: 2 }))[0]).toBe("FAIL");
    expect((await judge("{"))[0]).toBe("ERROR");
    expect((await judge(scan("WHATEVER")))[0]).toBe("ERROR");
  });
});
