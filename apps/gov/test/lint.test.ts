import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRedactor } from "@gov/telemetry/redact";
import { formatLogLine } from "@gov/telemetry/metrics";
import { describe, expect, it } from "vitest";
import { findingsOf, folder, gov, govWith } from "./harness.ts";

const workspace = join(import.meta.dirname, "../../..");
const linted = async (files: Readonly<Record<string, string>>) => {
  const run = await gov(folder(files), "lint", "--format", "json");
  return findingsOf(run).map(({ code, path, line }) => `${String(path)}:${String(line)} ${code}`);
};
const mermaid = (...lines: readonly string[]) => ({ "a.md": ["```mermaid", ...lines, "```", ""].join("\n") });
const dashboard = (over: object) => ({
  title: "T",
  schemaVersion: 41,
  panels: [{ id: 1, title: "P", targets: [{ expr: "up" }] }],
  ...over,
});

describe("gov lint", () => {
  it("finds nothing in the pages and dashboards of this repository", async () => {
    for (const part of ["docs", "apps/gov"]) {
      const run = await gov(workspace, "lint", part, "--format", "json");
      expect([part, run.code, findingsOf(run)]).toEqual([part, 0, []]);
    }
  });

  it("finds links that lead to no file, folder or heading, and no other (SCH-20)", async () => {
    const pages = {
      "docs/a.md": [
        "# One two! `x`",
        "## One two! `x`",
        '<a id="set"></a>',
        "[file](b.md) [folder](../docs/) [here](#one-two-x) [second](#one-two-x-1) [set](a.md#set) [out](https://x.org/y#z) ![i](i.png)",
        '[titled](b.md "Title") [angle](<b c.md>) `[code](nowhere.md)` <!-- [gone](gone.md) -->',
        "```md",
        "[fenced](nowhere.md)",
        "```",
      ].join("\n"),
      "docs/b.md": "# B\n",
      "docs/i.png": "x",
      "docs/c.md": "[x](gone.md)\n\n[y](b.md#nothing) [z](#nothing)\n![i](../i.png)\n",
    };
    expect(await linted(pages)).toEqual([
      "docs/c.md:1 CLI_LINK_BROKEN",
      "docs/c.md:3 CLI_ANCHOR_MISSING",
      "docs/c.md:3 CLI_ANCHOR_MISSING",
      "docs/c.md:4 CLI_LINK_BROKEN",
    ]);
  });

  it.each([
    [["flowchart LR", "  a[One] --> b{{Two}}", "  subgraph s", "    c([x]) --- d>flag]", '    e["(text"] -->|yes| d', "  end"], []],
    [["---", "title: T", "---", "%% comment", "sequenceDiagram", "  A->>B: text", "  alt x", "    B-->>A: text", "  end"], []],
    [["stateDiagram-v2", "  [*] --> A : go"], []],
    [["flowchrt LR"], [2]],
    [[""], [2]],
    [["graph XY"], [2]],
    [["graph TD", "  a[One --> b"], [3]],
    [["graph TD", "  a -->"], [3]],
    [["graph TD", "  subgraph s", "  a --> b"], [3]],
    [["graph TD", "  end"], [3]],
    [
      ["sequenceDiagram", "  A->>B", "  loop x"],
      [3, 4],
    ],
  ])("judges the Mermaid diagram %j (SCH-20)", async (lines, wrong) => {
    expect(await linted(mermaid(...lines))).toEqual(wrong.map((line) => `a.md:${line} CLI_MERMAID_INVALID`));
  });

  it.each([
    [{}, []],
    [{ title: "" }, ["CLI_DASHBOARD_INVALID"]],
    [{ panels: [] }, ["CLI_DASHBOARD_INVALID"]],
    [{ panels: [{ id: 1, title: "P", targets: [] }] }, ["CLI_DASHBOARD_INVALID"]],
    [{ panels: [{ id: 1, title: "P", targets: [{ expr: "sum(up" }] }] }, ["CLI_DASHBOARD_INVALID"]],
    [{ panels: [{ id: 1, title: "P", targets: [{ expr: 'sum(gov_nothing_total{a="("})' }] }] }, ["CLI_DASHBOARD_METRIC_UNKNOWN"]],
    [{ panels: [1, 1].map((id) => ({ id, title: "P", targets: [{ expr: "up" }] })) }, ["CLI_DASHBOARD_INVALID"]],
    [{ panels: [{ type: "row", id: 1, panels: [{ id: 2, title: "P", targets: [{ expr: " " }] }] }] }, ["CLI_DASHBOARD_INVALID"]],
  ])("judges the dashboard %j (SCH-20)", async (over, codes) => {
    expect(await linted({ "dashboards/a.json": JSON.stringify(dashboard(over)) })).toEqual(
      codes.map((code) => `dashboards/a.json:null ${code}`),
    );
  });

  it("would notice a metric that a shipped dashboard asks for and nobody exposes", async () => {
    const shipped = readFileSync(join(workspace, "apps/gov/dashboards/governance.json"), "utf8");
    expect(await linted({ "dashboards/a.json": shipped.replaceAll("gov_", "gov_x_") })).toContain(
      "dashboards/a.json:null CLI_DASHBOARD_METRIC_UNKNOWN",
    );
  });
});

describe("gov lint --logs", () => {
  const good = formatLogLine({ level: "info", message: "checked", service: "gov", epochMs: 0 }, { redactor: createRedactor() });
  const wrong = good.replace('"info"', '"loud"').replace('"message"', '"Gate"');
  const log = `${good}\n\n${wrong}\r\nStarted\n[]\n${good}`;
  const places = (run: Awaited<ReturnType<typeof gov>>) =>
    findingsOf(run).map(({ path, line, code }) => `${String(path)}:${String(line)} ${code}`);

  it("judges every line of a log where it stands, also one that is no JSON, and no UTF-8 (TEL-13)", async () => {
    const root = folder({
      "a.log": log,
      "good.log": `${good}\n${good}\n`,
      "marked.log": `\ufeff${good}\n`,
      "bytes.log": Uint8Array.from([0xff, 0x0a]),
      "twice.log": good.replace("{", '{"message":"m",'),
      "empty.log": "",
    });
    const run = await gov(root, "lint", "--logs", "a.log", "--format", "json");
    expect([run.code, run.json()["lines"], places(run)]).toEqual([
      1,
      5,
      [
        "a.log:3 TELEMETRY_LOG_FIELD_INVALID",
        "a.log:3 TELEMETRY_LOG_FIELD_INVALID",
        "a.log:3 TELEMETRY_LOG_FIELD_INVALID",
        "a.log:4 SCHEMA_JSON_SYNTAX",
        "a.log:5 TELEMETRY_LOG_FIELD_INVALID",
      ],
    ]);
    expect((await gov(root, "lint", "--logs", "a.log")).out).toMatch(/^a\.log\n +3:1 [^]*5 lines: 5 findings/);
    expect(await gov(root, "lint", "--logs", "good.log")).toMatchObject({
      code: 0,
      out: expect.stringContaining("2 lines: 0 findings") as string,
    });
    expect(await gov(root, "lint", "--logs", "empty.log")).toMatchObject({ code: 0, out: expect.stringContaining("0 lines") as string });
    expect(await gov(root, "lint", "--logs", "marked.log")).toMatchObject({
      code: 0,
      out: expect.stringContaining("SCHEMA_BOM") as string,
    });
    expect(places(await gov(root, "lint", "--logs", "bytes.log", "--format", "json"))).toEqual(["bytes.log:1 SCHEMA_NOT_UTF8"]);
    expect(places(await gov(root, "lint", "--logs", "twice.log", "--format", "json"))).toEqual(["twice.log:1 SCHEMA_DUPLICATE_KEY"]);
  });

  it("reads standard input for -, and of neither more than it may (TEL-13)", async () => {
    const root = folder();
    const stdin = async () => new TextEncoder().encode(log);
    const run = await govWith({ stdin }, root, "lint", "--logs", "-", "--format", "json");
    expect([run.code, places(run)[0]]).toEqual([1, "-:3 TELEMETRY_LOG_FIELD_INVALID"]);
    const asked: unknown[] = [];
    const endless = async (maxBytes = 0) => (asked.push(maxBytes), new Uint8Array(maxBytes + 1));
    expect(await govWith({ stdin: endless }, root, "lint", "--logs", "-")).toMatchObject({
      code: 3,
      err: expect.stringContaining("CLI_FILE_UNREADABLE") as string,
    });
    expect(asked).toEqual([1 << 26]);
    expect((await gov(root, "lint", "--logs", "none.log")).code).toBe(3);
    expect((await gov(root, "lint", "--logs", ".")).code).toBe(3);
    expect((await gov(root, "lint", ".", "--logs", "-")).code).toBe(2);
  });

  it("stops after ten thousand findings, and says from which line on nothing was judged", async () => {
    const root = folder({ "a.log": "x\n".repeat(20_000) });
    const found = places(await gov(root, "lint", "--logs", "a.log", "--format", "json"));
    expect([found.length, found.at(-1)]).toEqual([10_001, "a.log:10001 CLI_LOG_NOT_FINISHED"]);
  });
});
