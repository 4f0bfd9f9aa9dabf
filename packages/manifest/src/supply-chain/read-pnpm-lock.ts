import { compareFindings, type Finding, isJsonObject, type JsonObject, type JsonValue, parseDocument, type Result } from "@gov/schema";
import { finding } from "../finding-codes.ts";
import { type PackageFacts, toWorkspacePackages, type WorkspacePackage, type WorkspacePackages } from "./workspace-packages.ts";

/** Options of {@link readPnpmLock}. */
export interface ReadPnpmLockOptions {
  /** What each workspace package says of itself, by its folder as the lockfile names it (`.` is the root). */
  readonly own: Readonly<Record<string, PackageFacts>>;
  /** Licence by `<name>@<version>`, where somebody knows it; a lockfile does not. @default none */
  readonly licenses?: Readonly<Record<string, string>> | undefined;
  /** Path named in findings. @default "pnpm-lock.yaml" */
  readonly path?: string | undefined;
}

/** Reads `pnpm-lock.yaml`, lockfile version 9, into the packages of its workspace; what it names and does not list is a finding. Pure. */
export function readPnpmLock(text: string, options: ReadPnpmLockOptions): Result<WorkspacePackages> {
  const { own, licenses = {}, path = "pnpm-lock.yaml" } = options;
  const limits = { maxBytes: 64 * 1024 * 1024, maxNodes: 2_000_000 };
  const document = parseDocument({ path, bytes: new TextEncoder().encode(text) }, { format: "yaml", limits });
  if (!document.ok) return document;
  const findings: Finding[] = [];
  const refuse = (message: string): void => void findings.push(finding("MANIFEST_LOCKFILE_INVALID", message, { path }));
  const { lockfileVersion, importers, packages, snapshots } = member(document.value.data);
  if (lockfileVersion !== "9.0") refuse(`The lockfile is of version ${JSON.stringify(lockfileVersion ?? null)}: version "9.0" is read`);
  const listed = member(packages ?? {});
  const resolved = member(snapshots ?? {});
  const found = new Map<string, WorkspacePackage>();
  for (const [key, value] of Object.entries(resolved)) {
    const bare = withoutPeers(key);
    const at = bare.lastIndexOf("@");
    const [name, version] = [bare.slice(0, at), bare.slice(at + 1)];
    const { integrity, tarball } = member(member(listed[bare] ?? {})["resolution"] ?? {});
    if (listed[bare] === undefined) refuse(`The lockfile resolves "${key}" and does not list "${bare}"`);
    found.set(key, {
      ...{
        id: key,
        name,
        version,
        own: false,
        license: licenses[bare] ?? null,
        integrity: textOrNull(integrity),
        source: textOrNull(tarball),
      },
      dependsOn: [...keysOf(member(value)["dependencies"]), ...keysOf(member(value)["optionalDependencies"])].sort(),
      builtWith: [],
    });
  }
  for (const [folder, value] of Object.entries(member(importers ?? {}))) {
    const facts = own[folder];
    if (facts === undefined) {
      refuse(`The lockfile has the workspace package "${folder}", and nothing says what it is called`);
      continue;
    }
    const { dependencies, optionalDependencies, devDependencies } = member(value);
    const ids = (...groups: readonly (JsonValue | undefined)[]): readonly string[] =>
      groups.flatMap((group) => Object.entries(member(group ?? {})).map(([name, one]) => idOf(name, { one, folder, own }))).sort();
    const { name, version, license } = facts;
    const id = `${name}@${version}`;
    const built = ids(devDependencies);
    found.set(id, {
      ...{ id, name, version, own: true, license, integrity: null, source: null },
      dependsOn: ids(dependencies, optionalDependencies),
      builtWith: built,
    });
  }
  for (const { id, dependsOn, builtWith } of found.values())
    for (const needed of [...dependsOn, ...builtWith])
      if (!found.has(needed)) refuse(`"${id}" needs "${needed}", which the lockfile does not have`);
  return findings.length > 0
    ? { ok: false, findings: findings.sort(compareFindings) }
    : { ok: true, value: toWorkspacePackages(found.values()), findings: [] };
}

/** Of `react-dom@18.0.0(react@18.0.0)`, what is listed: the part before the peers. */
function withoutPeers(key: string): string {
  const peers = key.indexOf("(");
  return peers === -1 ? key : key.slice(0, peers);
}

/** The id of a dependency of a workspace package: another of the workspace (`link:`), a package under another name, or one of its own. */
function idOf(
  name: string,
  { one, folder, own }: { readonly one: JsonValue; readonly folder: string; readonly own: ReadPnpmLockOptions["own"] },
): string {
  const version = textOrNull(member(one)["version"]) ?? "";
  if (version.startsWith("link:")) {
    const facts = own[joinFolders(folder, version.slice("link:".length))];
    return facts === undefined ? `${name}@${version}` : `${facts.name}@${facts.version}`;
  }
  return version.indexOf("@", 1) > 0 && /^(?:@[^/]+\/)?[^@()]+@[0-9]/.test(version) ? version : `${name}@${version}`;
}

function joinFolders(from: string, relative: string): string {
  const parts = from === "." ? [] : from.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.length === 0 ? "." : parts.join("/");
}

function keysOf(group: JsonValue | undefined): readonly string[] {
  return Object.entries(member(group ?? {})).map(([name, version]) => idOf(name, { one: { version }, folder: ".", own: {} }));
}

function member(value: JsonValue): JsonObject {
  return isJsonObject(value) ? value : {};
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
