import { collectEvidence, evaluateGates, healthReader } from "@gov/gates";
import { authorizeObserved } from "@gov/gates/rbac";
import { nodeClock } from "@gov/telemetry";
import { type AlertNotice, createAlerts } from "@gov/telemetry/alerts";
import { describe, expect, it } from "vitest";
import { cycle, governed } from "../governed.ts";
import { gov } from "../harness.ts";
import { serveRoot } from "../served.ts";

const http = {
  get: async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
  },
};

async function smoke(url: string) {
  const evidence = await collectEvidence({ subject: "deploy" }, { health: healthReader([url], { http }) });
  return evaluateGates(evidence, { smoke: { triggers: [], validators: [{ type: "health_check" }] } }).outcome;
}

describe("the deployment vertical: the service, its health, its metrics and the gate on them together", () => {
  it("passes the smoke gate while the service is up, counts what the log says, and fails once it is gone (QAC-03)", async () => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    const dashboard = await serveRoot(root);
    const url = dashboard.url.slice(0, -1);
    expect(await smoke(url)).toBe("PASS");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const line of metrics.trimEnd().split("\n")) expect(line).toMatch(/^(?:# (?:HELP|TYPE|EOF|UNIT)|gov_[a-z_]+(?:\{[^}]*\})? \S+$)/);
    const answer = (await (await fetch(`${url}/api/status`)).json()) as { readonly ok: boolean };
    expect(answer.ok).toBe(true);
    await dashboard[Symbol.asyncDispose]();
    expect(await smoke(url)).toBe("FAIL");
  });

  it("raises the alert when somebody sets a mode or approves a waiver without the right to, and for nothing else (QAC-03, ALR-11, SCH-13)", () => {
    const notices: AlertNotice[] = [];
    const alerts = createAlerts({ clock: nodeClock, mode: () => "hard_block", sink: { notify: (notice) => void notices.push(notice) } });
    const observer: Parameters<typeof authorizeObserved>[2]["observer"] = {
      event: (type, fields) =>
        alerts.observe({ type, subject: typeof fields["subject"] === "string" ? fields["subject"] : "", payload: fields }),
    };
    const roles = { lead: { permissions: ["*"] }, reader: { permissions: ["gate:run"] } };
    const rbac = { roles, actors: { ann: ["lead"], bob: ["reader"] } };
    const policy = { rbac, acls: [], requireProof: false };
    for (const name of ["ann", "bob"])
      for (const action of ["mode:set", "waiver:approve", "promotion:unfreeze", "gate:run", "index:write"])
        authorizeObserved({ actor: { name, proof: null }, action, subject: { id: `${name} ${action}`, path: null, authors: [] } }, policy, {
          observer,
        });
    expect(notices.map(({ name, subject, severity }) => [name, subject, severity])).toEqual(
      ["mode:set", "waiver:approve", "promotion:unfreeze"].map((action) => ["UnauthorisedAttempt", `bob ${action}`, "critical"]),
    );
  });
});
