import { basename, dirname, join, resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import {
  createSbom,
  type PackageFacts,
  readPackageLock,
  readPnpmLock,
  renderSbom,
  type WorkspacePackages,
} from "@gov/manifest/supply-chain";
import { isJsonObject, type JsonObject, parseDocument, type Result } from "@gov/schema";
import { formatUtc } from "@gov/telemetry";
import { type Command, InputError, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";

const maxBytes = 1 << 26;

/** Prints the SPDX 2.3 document of a workspace, from its lockfile. */
export const sbom: Command = {
  usage: "<lockfile>",
  maxPositionals: 1,
  flags: {
    name: { type: "string", value: "<name>", description: "name of what is described (default: that of its package.json)" },
    namespace: { type: "string", value: "<uri>", description: "URI below which the document gets one of its own" },
  },
  examples: ["gov sbom pnpm-lock.yaml", "gov sbom package-lock.json --name app"],
  async run(context, call) {
    const [lockfile] = call.positionals;
    if (lockfile === undefined) throw new UsageError("Missing the lockfile: pnpm-lock.yaml or package-lock.json");
    const path = resolve(context.cwd, lockfile);
    const text = await readText(context, path, lockfile);
    const packages =
      basename(path) === "package-lock.json"
        ? readPackageLock(text, { path: lockfile })
        : await readPnpm(context, { path, text, shown: lockfile });
    if (!packages.ok)
      throw new InputError("CLI_LOCKFILE_INVALID", `Cannot use the lockfile "${lockfile}"`, { findings: packages.findings });
    const name = stringFlag(call, "name") ?? (await factsOf(context, dirname(path))).name;
    const document = createSbom(packages.value, {
      ...{ name, namespace: stringFlag(call, "namespace") ?? "https://spdx.org/spdxdocs" },
      ...{ created: formatUtc(context.clock.now()), tool: `gov-${context.version}` },
    });
    return { data: { sbom: document }, findings: [], view: [{ type: "raw", text: renderSbom(document) }] };
  },
};

async function readPnpm(
  context: Context,
  { path, text, shown }: { readonly path: string; readonly text: string; readonly shown: string },
): Promise<Result<WorkspacePackages>> {
  const document = parseDocument(
    { path: shown, bytes: new TextEncoder().encode(text) },
    { format: "yaml", limits: { maxBytes, maxNodes: 2_000_000 } },
  );
  if (!document.ok) return document;
  const { data } = document.value;
  const importers = isJsonObject(data) && isJsonObject(data["importers"] ?? null) ? (data["importers"] as JsonObject) : {};
  const own: Record<string, PackageFacts> = {};
  for (const folder of Object.keys(importers)) own[folder] = await factsOf(context, join(dirname(path), folder));
  return readPnpmLock(text, { own, path: shown });
}

async function factsOf(context: Context, folder: string): Promise<PackageFacts> {
  const value: unknown = JSON.parse(await readText(context, join(folder, "package.json"), join(basename(folder), "package.json")));
  const { name, version, license } = isJsonObject(value) ? value : {};
  const text = (given: unknown): string | null => (typeof given === "string" ? given : null);
  return { name: text(name) ?? basename(folder), version: text(version) ?? "0.0.0", license: text(license) };
}

async function readText(context: Context, path: string, shown: string): Promise<string> {
  const read = await readFileBounded(path, { maxBytes, fs: context.fs, path: shown });
  if (read.ok) return new TextDecoder().decode(read.value);
  throw new InputError("CLI_LOCKFILE_INVALID", `Cannot read "${shown}"`, { findings: read.findings });
}
