import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findingsOf, folder, gov } from "./harness.ts";

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
