import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { commandTable } from "../src/command-table.ts";
import { markup } from "../src/serve/markup.ts";
import { discoverOidc } from "../src/serve/identity.ts";
import { type Dashboard, isLoopback } from "../src/serve/open-dashboard.ts";
import { servedCommands } from "../src/serve/openapi.ts";
import { renderReportPage } from "../src/serve/report-page.ts";
import { allSections } from "../src/serve/sections/all-sections.ts";
import { cycle, governed, issueList, places } from "./governed.ts";
import { folder, gov, listing, write } from "./harness.ts";
import { askIn, now, serveRoot } from "./served.ts";

const open: Dashboard[] = [];

afterEach(async () => {
  for (const dashboard of open.splice(0)) await dashboard[Symbol.asyncDispose]();
});

async function served(...options: Parameters<typeof serveRoot>): Promise<string> {
  const dashboard = await serveRoot(...options);
  open.push(dashboard);
  return dashboard.url.slice(0, -1);
}

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe("gov serve", () => {
  it("shows what the commands say: cycles, gates with findings, Critical=0, manifests, log and index (GOV-22, TEL-08)", async () => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    const page = await (await fetch(`${await served(root)}/`)).text();
    for (const { title } of allSections) expect(page).toContain(`>${title}</h2>`);
    expect(page).toMatch(/aria-current="step">PLANNED/);
    expect(page).toMatch(/class="figure pass">0</);
    expect(page).toContain("schema_lint");
    expect(page).toContain("1 entry, each chained");
    write(
      root,
      "VERIFICATION/qa/issue_list.yaml",
      "version: 1.0.0\nissues: [{ id: I-1, title: Hole, severity: critical, status: open }]\n",
    );
    expect(await (await fetch(`${await served(root)}/`)).text()).not.toMatch(/class="figure pass">0</);
  });

  it("shows what is not there yet as absent, and what is not well as failed (TEL-08)", async () => {
    const root = governed();
    const marks = async () => {
      const page = await (await fetch(`${await served(root)}/`)).text();
      const menu = page.matchAll(
        /<li><a href="#(\w+)"><span class="mark (\w+)" aria-hidden="true">.<\/span><span class="for-readers">([a-z ]+):/g,
      );
      return { page, menu: Object.fromEntries([...menu].map(([, section = "", mark, word]) => [section, [mark, word]])) };
    };
    const { page, menu } = await marks();
    const absent = ["absent", "absent"];
    expect(menu).toMatchObject({
      manifests: absent,
      people: absent,
      log: absent,
      index: absent,
      drift: absent,
      documents: ["pass", "passed"],
    });
    expect(page).toMatch(/<p class="line absent">.*artifacts_index\.json is not there/);
    expect(page).toMatch(/<p class="line absent">.*There is no trust policy/);
    write(root, "trust_policy.yaml", "none: [\n");
    write(root, "artifacts_index.json", "{}");
    write(root, "routing_effective.shadow.json", "{}");
    write(root, places.log, "no entry\n");
    const failed = ["fail", "failed"];
    expect((await marks()).menu).toMatchObject({ manifests: failed, people: failed, log: failed, index: failed, drift: failed });
  });

  it("asks only commands that exist, and nothing it asks can write", async () => {
    const facts = { cycles: [cycle] };
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    const before = listing(root);
    const ask = askIn(root);
    for (const argv of allSections.flatMap(({ questions }) => questions(facts))) {
      const answer = await ask(argv);
      expect([argv, answer.ok || answer.failure.code]).not.toEqual([argv, "CLI_USAGE"]);
      expect([argv, answer.ok || answer.failure.code]).not.toEqual([argv, "CLI_DEFECT"]);
    }
    const writing = await ask(["cycle", cycle, "validate_complete", "--actor", "ann"]);
    expect(writing).toMatchObject({ ok: false, failure: { code: "CLI_USAGE" } });
    expect(listing(root)).toEqual(before);
  });

  it("never lets a document speak as markup", () => {
    const evil = `<script>alert(1)</script>" onload='x' & \u202e`;
    expect(markup`<p title="${evil}">${evil}</p>`.text).not.toMatch(/<script|" onload|' onload|\u202e/);
  });

  it("answers /health with what is well, and 503 when the log does not hold", async () => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    const well = await fetch(`${await served(root)}/health`);
    expect([well.status, well.headers.get("content-type")]).toEqual([200, "application/health+json"]);
    expect(await json(well)).toMatchObject({ status: "pass", checks: { root: { status: "pass" }, log: { status: "pass" } } });
    write(root, places.log, readFileSync(join(root, places.log), "utf8").replace("create_plan", "update_plan"));
    const ill = await fetch(`${await served(root)}/health`);
    expect([ill.status, await json(ill)]).toMatchObject([503, { status: "fail", checks: { log: { status: "fail" } } }]);
  });

  it("answers /metrics in the Prometheus text format (TEL-13)", async () => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    await gov(root, "cycle", cycle, "validate_complete", "--actor", "ann");
    const response = await fetch(`${await served(root)}/metrics`);
    expect(response.headers.get("content-type")).toContain("version=0.0.4");
    expect(await response.text()).toMatch(/^gov_gate_results_total\{gate="schema_lint",outcome="PASS"\} 1$/m);
  });

  it.each([
    ["application/openmetrics-text", "openmetrics"],
    ["application/openmetrics-text; version=1.0.0", "openmetrics"],
    // What Prometheus 2 and 3 send.
    [
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      "openmetrics",
    ],
    [
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
      "openmetrics",
    ],
    ["application/openmetrics-text;q=0.5, */*;q=0.1, text/plain", "prometheus"],
    ["text/*, application/openmetrics-text;q=0.9", "prometheus"],
    ["*/*, application/openmetrics-text", "openmetrics"],
    ["application/openmetrics-text;q=0", "prometheus"],
    ["application/openmetrics-text;q=much", "prometheus"],
    ["application/openmetrics-text;version=0.0.1", "prometheus"],
    ["*/*", "prometheus"],
    ["", "prometheus"],
    ["image/png", "prometheus"],
  ])("answers a scraper that accepts %j in %s (TEL-13)", async (accept, format) => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    await gov(root, "cycle", cycle, "validate_complete", "--actor", "ann");
    const response = await fetch(`${await served(root)}/metrics`, { headers: { accept } });
    const text = await response.text();
    expect([response.status, response.headers.get("content-type"), response.headers.get("vary")]).toEqual([
      200,
      format === "openmetrics" ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8",
      "accept",
    ]);
    // In OpenMetrics a counter is named without its suffix, and the page says that it is whole.
    expect(text).toMatch(format === "openmetrics" ? /^# TYPE gov_gate_results counter$/m : /^# TYPE gov_gate_results_total counter$/m);
    expect(text).toMatch(/^gov_gate_results_total\{gate="schema_lint",outcome="PASS"\} 1$/m);
    expect(text.endsWith("\n# EOF\n")).toBe(format === "openmetrics");
  });

  it("never counts down: a gate that failed before it passed stays counted (TEL-13)", async () => {
    const root = governed();
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    write(root, "VERIFICATION/qa/issue_list.yaml", issueList("[{ id: I-1, title: Hole, severity: critical, status: open }]"));
    expect((await gov(root, "cycle", cycle, "validate_complete", "--actor", "ann")).code).toBe(1);
    write(root, "VERIFICATION/qa/issue_list.yaml", issueList("[]"));
    expect((await gov(root, "cycle", cycle, "validate_complete", "--actor", "ann")).code).toBe(0);
    const text = await (await fetch(`${await served(root)}/metrics`)).text();
    expect(text).toMatch(/^gov_gate_results_total\{gate="critical_zero",outcome="FAIL"\} 1$/m);
    expect(text).toMatch(/^gov_gate_results_total\{gate="critical_zero",outcome="PASS"\} 1$/m);
  });

  it("answers /api with the JSON of every reading command, described in OpenAPI 3.1 and 3.0 (ENV-06)", async () => {
    const root = governed();
    const url = await served(root);
    expect(await json(await fetch(`${url}/api/check`))).toEqual((await gov(root, "check", "--format", "json")).json());
    expect(await json(await fetch(`${url}/api/resolve?arg=hydration_rules`))).toMatchObject({ ok: true });
    for (const [path, version] of [
      ["/openapi.json", "3.1.0"],
      ["/openapi-3.0.json", "3.0.3"],
    ] as const) {
      const described = (await json(await fetch(url + path))) as {
        openapi: string;
        paths: Record<string, { get: { parameters?: object[] } }>;
      };
      expect(described.openapi).toBe(version);
      const paths = servedCommands(commandTable).map(({ name }) => `/api/${name.split(" ").join("/")}`);
      expect(Object.keys(described.paths)).toEqual([...paths, "/health", "/metrics"]);
      for (const { get } of Object.values(described.paths)) expect(JSON.stringify(get)).not.toMatch(/"name":"(?:root|config)"/);
    }
  });

  it.each([
    ["/api/seal", 404],
    ["/api/init", 404],
    ["/api/serve", 404],
    // They would sign with the key of the service.
    [`/api/attest?arg=${places.backlog}&predicate=${places.facts}`, 404],
    ["/api/attest/build", 404],
    ["/api/check?root=/etc", 400],
    ["/api/check?config=/etc/passwd", 400],
    ["/api/check?arg=/etc", 400],
    ["/api/gate?nope=1", 400],
    ["/api/gate?arg=a&arg=b&arg=c", 400],
    ["/api/check?as-of=yesterday", 400],
    ["/api/route?arg=../../../../etc/passwd", 400],
    ["/api/resolve?arg=--help", 422],
    ["/../../etc/passwd", 404],
    ["/%2e%2e/%2e%2e/etc/passwd", 404],
  ])("refuses %s with %i, and reads nothing outside the root", async (path, status) => {
    const response = await fetch((await served(governed())) + path);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain("root:x:");
  });

  it("changes nothing: only GET and HEAD are answered", async () => {
    const url = await served(governed());
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) expect((await fetch(url, { method })).status).toBe(405);
    const head = await fetch(`${url}/style.css`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("sends a strict policy with every answer, and answers no other host", async () => {
    const url = await served(governed());
    const { headers } = await fetch(`${url}/style.css`);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const { request } = await import("node:http");
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${url}/`, { headers: { host: "rebound.example.org" } }, (response) => (response.resume(), resolve(response.statusCode)))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it("listens beyond this machine only for proven identities", async () => {
    expect(["127.0.0.1", "127.8.8.8", "::1", "localhost"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.org"].some(isLoopback)).toBe(false);
    const open = await gov(governed(), "serve", "--host", "0.0.0.0");
    expect([open.code, open.err]).toEqual([2, expect.stringContaining("--issuer and --audience")]);
  });
});

describe("discoverOidc()", () => {
  interface Issuer extends AsyncDisposable {
    readonly url: string;
    readonly token: (
      claims?: Readonly<Record<string, unknown>>,
      key?: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"],
    ) => Promise<string>;
  }

  async function openIssuer(named?: string): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" };
    let url = "";
    const server = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      if (request.url === "/.well-known/openid-configuration")
        response.end(JSON.stringify({ issuer: named ?? url, jwks_uri: `${url}/keys` }));
      else response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      url,
      token: (claims = {}, key = privateKey) => {
        const seconds = Math.floor(now() / 1000);
        const all = { iss: url, aud: "gov", sub: "ann", exp: seconds + 60, iat: seconds, ...claims };
        return new SignJWT(all).setProtectedHeader({ alg: "ES256", kid: "k1" }).sign(key);
      },
      [Symbol.asyncDispose]: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
    };
  }

  it("answers only bearer tokens of the issuer, for the audience, in their time (ENV-06)", async () => {
    await using issuer = await openIssuer();
    const url = await served(governed(), await discoverOidc({ issuer: issuer.url, audience: "gov", now }));
    const status = async (token?: string) =>
      (await fetch(`${url}/api/status`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status;
    expect(await status(await issuer.token())).toBe(200);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const past = Math.floor(now() / 1000) - 1;
    const other = await generateKeyPair("ES256");
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ iss: issuer.url, aud: "gov", sub: "ann", exp: past + 100 }))}.`;
    const refused = [
      undefined,
      "nonsense",
      unsigned.replaceAll("=", ""),
      await issuer.token({ exp: past }),
      await issuer.token({ exp: undefined }),
      await issuer.token({ sub: undefined }),
      await issuer.token({ aud: "other" }),
      await issuer.token({ iss: "https://other.example.org" }),
      await issuer.token({ nbf: past + 100 }),
      await issuer.token({}, other.privateKey),
    ];
    for (const token of refused) expect(await status(token)).toBe(401);
    const response = await fetch(url);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="gov"']);
  });

  it("does not start with an issuer that says it is another, or is reached without TLS", async () => {
    await using liar = await openIssuer("https://login.example.org");
    await expect(discoverOidc({ issuer: liar.url, audience: "gov", now })).rejects.toThrow(/it says it is/);
    await expect(discoverOidc({ issuer: "http://login.example.org", audience: "gov", now })).rejects.toThrow(/only https/);
  });
});

describe("gov report --html", () => {
  it("is one file: it names nothing elsewhere, and a browser may run only the script in it", async () => {
    const root = governed();
    const { out, code } = await gov(root, "report", "--html");
    expect(code).toBe(0);
    expect(out).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;/);
    expect(out).not.toMatch(/\b(?:src|href)="(?!#)/);
    expect(out).not.toMatch(/url\(|@import|https?:\/\//);
  });

  it("has what the dashboard has", async () => {
    const page = await renderReportPage(askIn(governed()), allSections, {
      title: "docs",
      version: "0",
      madeAt: "2026-11-21T09:00:00.000Z",
    });
    for (const { id } of allSections) expect(page).toContain(`id="${id}"`);
    const { code, err } = await gov(folder(), "report");
    expect([code, err]).toEqual([2, expect.stringContaining("gov report --html")]);
  });
});
