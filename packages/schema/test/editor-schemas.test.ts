import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { getLanguageService as jsonService, TextDocument } from "vscode-json-languageservice";
import { getLanguageService as yamlService } from "yaml-language-server";
import { type EditorSettings, editorSettings } from "./editor-settings.ts";

const guide = readFileSync(new URL("../../../docs/guides/editors.md", import.meta.url), "utf8");
const golden = new URL("fixtures/golden/", import.meta.url);
const settings = documented();
/** Where a workspace has the package installed; what stands below is what the package ships. */
const workspace = "file:///workspace/";
const installed = new URL("../", import.meta.url).href;

function documented(): EditorSettings {
  const [, block = ""] = /```json\n(\{\n {2}"json\.schemas"[\s\S]*?)\n```/.exec(guide) ?? [];
  return JSON.parse(block) as EditorSettings;
}

const requested: string[] = [];

// Reads what the package ships, and nothing else: an editor that asks for the network fails.
function schemaRequestService(uri: string): Promise<string> {
  requested.push(uri);
  const path = `${workspace}node_modules/@gov/schema/`;
  if (!uri.startsWith(path)) return Promise.reject(new Error(`Nothing is at ${uri}`));
  return Promise.resolve(readFileSync(fileURLToPath(installed + uri.slice(path.length)), "utf8"));
}

const resolved = (url: string): string => new URL(url, workspace).href;
const workspaceContext = { resolveRelativePath: (path: string, base: string) => new URL(path, base).href };
const json = jsonService({ schemaRequestService, workspaceContext });
json.configure({
  validate: true,
  schemas: settings["json.schemas"].map(({ fileMatch, url }) => ({ uri: resolved(url), fileMatch: [...fileMatch] })),
});
const yaml = yamlService({ schemaRequestService, workspaceContext });
yaml.configure({
  validate: true,
  yamlVersion: "1.2",
  schemas: Object.entries(settings["yaml.schemas"]).map(([url, fileMatch]) => ({ uri: resolved(url), fileMatch: [...fileMatch] })),
});

let versions = 0;

async function problems(path: string, text: string): Promise<readonly string[]> {
  const language = path.endsWith(".json") ? "json" : "yaml";
  const document = TextDocument.create(workspace + path, language, (versions += 1), text);
  const found =
    language === "json"
      ? await json.doValidation(document, json.parseJSONDocument(document), { schemaValidation: "error" })
      : await yaml.doValidation(document, false);
  return found.map(({ range, message }) => {
    const text = typeof message === "string" ? message : message.value;
    return `${String(range.start.line + 1)}:${String(range.start.character + 1)} ${text.split("\n")[0] ?? ""}`;
  });
}

// Where a document of a kind stands; its own name is a file name of it, but for these.
const places: Readonly<Record<string, string>> = {
  gov_config: "gov",
  verification_findings: "VERIFICATION/docs/findings",
  verification_summary: "VERIFICATION/summary",
};

/** Kinds in the settings, with the extension of their golden document. */
function kindsIn(extension: string): readonly string[] {
  const urls = extension === "json" ? settings["json.schemas"].map(({ url }) => url) : Object.keys(settings["yaml.schemas"]);
  return urls.map((url) => (/([a-z0-9-]+)-v1\.json$/.exec(url)?.[1] ?? "").replaceAll("-", "_"));
}

describe("editor settings", () => {
  it("that the guide shows name every shipped kind of YAML and JSON, and files that the package ships", () => {
    expect(settings).toEqual(editorSettings());
    const urls = [...settings["json.schemas"].map(({ url }) => url), ...Object.keys(settings["yaml.schemas"])];
    for (const url of urls) {
      const name = url.split("/").at(-1) ?? "";
      expect(import.meta.resolve(`@gov/schema/json/${name}`)).toBe(installed + url.replace("./node_modules/@gov/schema/", ""));
    }
  });

  it("let VS Code's JSON and YAML services take every golden document and refuse a broken one (SCH-08)", { timeout: 120_000 }, async () => {
    let checked = 0;
    for (const name of readdirSync(golden)) {
      const [, kind = "", version, extension = ""] = /^([a-z0-9_]+)-v([0-9]+)\.(json|yaml)$/.exec(name) ?? [];
      const path = `${places[kind] ?? `plans/${kind}`}.${extension}`;
      if (version !== "1" || !kindsIn(extension).includes(kind)) continue;
      const text = readFileSync(new URL(name, golden), "utf8");
      expect([name, await problems(path, text)]).toEqual([name, []]);
      const broken = text.replace(/^( {0,2}"?[a-z_]+"?:) .*?(,?)$/gm, "$1 [[]]$2");
      expect([name, (await problems(path, broken)).length > 0]).toEqual([name, true]);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(25);
  });

  it("put the problem where it stands, in both", async () => {
    const backlog =
      "version: 1.0.0\ngenerated_at: 2024-01-15T10:00:00Z\ntasks:\n  - id: T-1\n    title: Bus\n    effort_points: many\n    priority: P0\n    dependencies: []\n";
    expect(await problems("plans/2024-be_backlog.yaml", backlog)).toEqual(['6:20 Incorrect type. Expected "integer".']);
    expect(await problems("waiver_db.json", '{\n  "waivers": 1\n}\n')).toEqual(['2:14 Incorrect type. Expected "array".']);
  });

  it("follow the schema that a document names itself, as the guide shows", async () => {
    const [, modeline = ""] = /^(# yaml-language-server: \$schema=.*)$/m.exec(guide) ?? [];
    expect(await problems("elsewhere.yaml", `${modeline}\nkpis: []\n`)).toEqual([
      '2:1 Missing property "$schema".',
      '2:7 Incorrect type. Expected "object".',
    ]);
    const named = /"\$schema": "(\.\/node_modules[^"]*)"/.exec(guide)?.[1] ?? "";
    expect((await problems("elsewhere.json", `{ "$schema": "${named}", "kpis": [] }`)).length).toBe(1);
  });

  it("need no network", () => {
    expect(requested.length).toBeGreaterThan(20);
    expect(requested.filter((uri) => !uri.startsWith(`${workspace}node_modules/@gov/schema/`))).toEqual([]);
  });
});
