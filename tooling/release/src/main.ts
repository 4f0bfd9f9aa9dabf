import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createKeySigner } from "@gov/manifest/sign";
import type { DigestedArtifact } from "@gov/manifest/supply-chain";
import { digestBytes } from "@gov/schema/canonical";
import { runCommand } from "@gov/tooling-pack-smoke/run-command";
import { createEvidence } from "./create-evidence.ts";
import { readWorkspace } from "./read-workspace.ts";

const root = join(import.meta.dirname, "../../..");
const published = [
  ...["schema", "atomic-io", "index-writer", "hydration", "manifest", "gates", "telemetry"].map((name) => `packages/${name}`),
  "apps/gov",
];

const { values } = parseArgs({ options: { out: { type: "string", default: "node_modules/.cache/release" }, key: { type: "string" } } });
const out = join(root, values.out);
const startedAt = new Date().toISOString();
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const folder of published)
  await runCommand(["npx", "-y", "pnpm@10.34.9", "pack", "--pack-destination", out], { cwd: join(root, folder) });

const digested = (type: DigestedArtifact["type"], name: string, path: string): DigestedArtifact => ({
  name,
  type,
  digest: digestBytes(readFileSync(path)),
});
const sealed = readdirSync(join(root, "governance"), { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith("handoff_manifest.yaml"),
);
const { version } = JSON.parse(readFileSync(join(root, "apps/gov/package.json"), "utf8")) as { readonly version: string };
const {
  GITHUB_SERVER_URL: server = "https://github.com",
  GITHUB_REPOSITORY: repository = "local/gov",
  GITHUB_RUN_ID: run = "local",
} = process.env;

const files = await createEvidence({
  workspace: readWorkspace(root),
  version,
  commit: (await runCommand(["git", "rev-parse", "HEAD"], { cwd: root })).trim(),
  artifacts: [
    ...readdirSync(out).map((name) => digested("artifact", name, join(out, name))),
    ...sealed.map((path) => digested("manifest", `governance/${path}`, join(root, "governance", path))),
    ...["governance/gov.yaml", "governance/rulebook.yaml"].map((path) => digested("config", path, join(root, path))),
  ],
  build: {
    buildType: `${server}/${repository}/blob/main/.github/workflows/release.yml`,
    builder: `${server}/${repository}/actions`,
    repository: `git+${server}/${repository}`,
    invocation: `${server}/${repository}/actions/runs/${run}`,
    startedAt,
    finishedAt: new Date().toISOString(),
  },
  signers: values.key === undefined ? [] : [createKeySigner(readFileSync(values.key, "utf8"))],
});
for (const [name, text] of files) writeFileSync(join(out, name), text);
console.log([...files.keys()].map((name) => join(values.out, name)).join("\n"));
