import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPnpmLock, type WorkspacePackages } from "@gov/manifest/supply-chain";

/** The workspace as its lockfile has it, with the licences that the installed packages declare. @throws Error when the lockfile is not whole. */
export function readWorkspace(root: string): WorkspacePackages {
  const lock = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  const own = Object.fromEntries(importersOf(lock).map((folder) => [folder, factsOf(join(root, folder))]));
  const packages = readPnpmLock(lock, { own, licenses: installedLicenses(root) });
  if (!packages.ok) throw new Error(packages.findings.map(({ message }) => message).join("\n"));
  return packages.value;
}

function importersOf(lock: string): readonly string[] {
  const section = lock.slice(lock.indexOf("\nimporters:"), lock.indexOf("\npackages:"));
  return [...section.matchAll(/^ {2}(\S+):/gm)].map(([, folder = ""]) => folder.replaceAll("'", ""));
}

interface Facts {
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
}

function factsOf(folder: string): Facts {
  const {
    name = "",
    version = "0.0.0",
    license = null,
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Partial<Facts & { readonly license: unknown }>;
  return { name, version, license: typeof license === "string" ? license : null };
}

/** Licence by `<name>@<version>` of everything that is installed; what is not installed on this machine has none here. */
function installedLicenses(root: string): Readonly<Record<string, string>> {
  const store = join(root, "node_modules/.pnpm");
  const found: Record<string, string> = {};
  for (const entry of readdirSync(store)) {
    const modules = join(store, entry, "node_modules");
    for (const name of packageNames(modules)) {
      const facts = tryFacts(join(modules, name));
      if (facts !== null && facts.license !== null) found[`${facts.name}@${facts.version}`] = facts.license;
    }
  }
  return found;
}

function packageNames(modules: string): readonly string[] {
  return list(modules).flatMap((name) => (name.startsWith("@") ? list(join(modules, name)).map((scoped) => `${name}/${scoped}`) : [name]));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return [];
  }
}

function tryFacts(folder: string): Facts | null {
  try {
    return factsOf(folder);
  } catch {
    return null;
  }
}
