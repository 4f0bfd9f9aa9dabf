import { compareFindings, type Finding, isJsonObject, type JsonObject, type JsonValue, type Result } from "@gov/schema";
import { finding } from "../finding-codes.ts";
import { toWorkspacePackages, type WorkspacePackage, type WorkspacePackages } from "./workspace-packages.ts";

/** Options of {@link readPackageLock}. */
export interface ReadPackageLockOptions {
  /** Path named in findings. @default "package-lock.json" */
  readonly path?: string | undefined;
}

/** Reads `package-lock.json`, lockfile version 2 or 3, into the packages of its workspace; what it needs and does not list is a finding. Pure. */
export function readPackageLock(text: string, options: ReadPackageLockOptions = {}): Result<WorkspacePackages> {
  const { path = "package-lock.json" } = options;
  const findings: Finding[] = [];
  const refuse = (message: string): void => void findings.push(finding("MANIFEST_LOCKFILE_INVALID", message, { path }));
  const data = parseJson(text);
  const places = data === null ? null : data["packages"];
  if (data === null || !isJsonObject(places ?? null) || (data["lockfileVersion"] !== 2 && data["lockfileVersion"] !== 3)) {
    refuse("The lockfile is not JSON of lockfile version 2 or 3");
    return { ok: false, findings };
  }
  const listed = places as JsonObject;
  const found = new Map<string, WorkspacePackage>();
  for (const [place, value] of Object.entries(listed)) {
    if (!isJsonObject(value) || value["link"] === true) continue;
    const name = nameOf(place, value);
    const version = textOrNull(value["version"]) ?? "0.0.0";
    const own = !`/${place}`.includes("/node_modules/");
    const ids = (group: string): readonly string[] =>
      Object.keys(isJsonObject(value[group] ?? null) ? (value[group] as JsonObject) : {}).flatMap((needed) => {
        const target = resolve(place, { needed, listed });
        if (target !== null) return [target];
        // An optional one may not be there on this machine.
        if (group !== "optionalDependencies") refuse(`"${name}" needs "${needed}", which the lockfile does not have`);
        return [];
      });
    found.set(place, {
      ...{ id: `${name}@${version}`, name, version, own, license: textOrNull(value["license"]) },
      integrity: textOrNull(value["integrity"]),
      source: textOrNull(value["resolved"]),
      dependsOn: [...new Set([...ids("dependencies"), ...ids("optionalDependencies")])].sort(),
      builtWith: own ? [...new Set(ids("devDependencies"))].sort() : [],
    });
  }
  // One package in several folders is one package.
  const unique = new Map([...found.values()].map((one) => [one.id, one]));
  return findings.length > 0
    ? { ok: false, findings: findings.sort(compareFindings) }
    : { ok: true, value: toWorkspacePackages(unique.values()), findings: [] };
}

/** As Node resolves: in the package's own `node_modules`, then in that of each folder above it. */
function resolve(from: string, { needed, listed }: { readonly needed: string; readonly listed: JsonObject }): string | null {
  for (let folder: string | null = from; folder !== null; folder = parentOf(folder)) {
    const place = folder === "" ? `node_modules/${needed}` : `${folder}/node_modules/${needed}`;
    const found = Object.hasOwn(listed, place) ? listed[place] : undefined;
    if (!isJsonObject(found ?? null)) continue;
    const value = found as JsonObject;
    const target = value["link"] === true ? textOrNull(value["resolved"]) : place;
    const real = target === null ? undefined : listed[target];
    if (target === null || !isJsonObject(real ?? null)) return null;
    return `${nameOf(target, real as JsonObject)}@${textOrNull((real as JsonObject)["version"]) ?? "0.0.0"}`;
  }
  return null;
}

function parentOf(folder: string): string | null {
  if (folder === "") return null;
  const end = folder.lastIndexOf("/node_modules/");
  if (end !== -1) return folder.slice(0, end);
  return folder.startsWith("node_modules/") ? "" : folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
}

function nameOf(place: string, value: JsonObject): string {
  const named = textOrNull(value["name"]);
  if (named !== null) return named;
  const start = `/${place}`.lastIndexOf("/node_modules/");
  return start === -1 ? place || "workspace" : `/${place}`.slice(start + "/node_modules/".length);
}

function parseJson(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function textOrNull(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
