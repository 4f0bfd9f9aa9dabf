import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { exists, quietNpm } from "./pinned-install.ts";
import { openRegistry } from "./registry.ts";
import { runCommand } from "./run-command.ts";
import { pnpmCommand } from "./tarballs.ts";
import { readWorkspacePackages } from "./workspace-packages.ts";

// Releases a copy of the workspace into a registry of this run, exactly as the release workflow does, then installs `gov` from
// there into an empty project and runs the reference flow with it. Needs a build; changes nothing in the workspace.

const root = join(import.meta.dirname, "..", "..", "..");
const scratch = await realpath(await mkdtemp(join(tmpdir(), "gov-release-")));
const workspace = join(scratch, "workspace");
const started = performance.now();
try {
  await rehearse();
  console.log(`Released and installed in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function rehearse(): Promise<void> {
  await copyWorkspace();
  const pnpm = await pnpmCommand(root);
  await runCommand([...pnpm, "install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts", "--silent"], { cwd: workspace });
  const changeset = join(workspace, "node_modules", ".bin", "changeset");

  await runCommand([changeset, "version"], { cwd: workspace });
  const packages = await readWorkspacePackages(workspace);
  const pending = (await readdir(join(workspace, ".changeset"))).filter((file) => file.endsWith(".md") && file !== "README.md");
  demand(pending.length === 0, `\`changeset version\` left ${pending.join(", ")}`);
  for (const { name, version, directory } of packages) {
    demand(version !== "0.0.0", `"${name}" has no version to release`);
    const changelog = await readFile(join(directory, "CHANGELOG.md"), "utf8").catch(() => "");
    demand(changelog.includes(`## ${version}`), `the changelog of "${name}" does not say what ${version} changes`);
  }
  console.log(`versions: ${packages.map(({ name, version }) => `${name} ${version}`).join(", ")}`);

  for (const { directory } of packages) await withoutProvenance(join(directory, "package.json"));
  await commitAll("Version the packages");
  await using registry = await openRegistry({
    names: packages.map(({ name }) => name),
    upstream: (await runCommand(["npm", "config", "get", "registry"], { cwd: scratch })).trim(),
  });
  const userconfig = join(scratch, "npmrc");
  await writeFile(userconfig, `registry=${registry.url}\n${registry.url.replace(/^http:/, "")}:_authToken=rehearsal\n`);
  const env = { npm_config_registry: registry.url, npm_config_userconfig: userconfig, CI: "true" };
  await runCommand([changeset, "publish"], { cwd: workspace, env });
  for (const { name, version } of packages) {
    const released = registry.published.filter((one) => one.name === name);
    demand(released.length === 1 && released[0]?.version === version, `"${name}@${version}" was not published exactly once`);
    const text = JSON.stringify(released[0]?.manifest);
    demand(!/"(?:workspace|catalog):/.test(text), `the manifest of "${name}@${version}" has a specifier that only this workspace knows`);
  }
  await runCommand([changeset, "publish"], { cwd: workspace, env });
  demand(registry.published.length === packages.length, "a second `changeset publish` published something again");
  console.log(`published: ${registry.published.length} packages, once each`);

  const project = join(scratch, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  await runCommand(["npm", "install", "@gov/cli", ...quietNpm], { cwd: project, env });
  const bin = join(project, "node_modules", "@gov", "cli", "dist", "bin.js");
  const flow = join(root, "tooling", "quickstart", "src", "main.ts");
  const printed = await runCommand([process.execPath, flow, "--bin", bin], { cwd: project });
  console.log(`reference flow from the registry: ${/\d+ passed, \d+ failed/.exec(printed)?.[0] ?? printed}`);
}

/** Copies what is tracked and what was built; the copy has a history of one commit. */
async function copyWorkspace(): Promise<void> {
  const listed = await runCommand(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const files = listed.split("\0").filter((file) => file !== "");
  const built = (await readWorkspacePackages(root)).map(({ directory }) => join(directory, "dist"));
  for (const folder of built) demand(await exists(folder), `"${folder}" is not there: run \`pnpm build\` first`);
  for (const file of files) {
    if (!(await exists(join(root, file)))) continue;
    await mkdir(dirname(join(workspace, file)), { recursive: true });
    await cp(join(root, file), join(workspace, file));
  }
  for (const folder of built) await cp(folder, join(workspace, folder.slice(root.length)), { recursive: true });
  await runCommand(["git", "init", "-q", "-b", "main"], { cwd: workspace });
  await commitAll("The workspace");
}

/** Provenance is signed for the identity of a workflow run, which only the release workflow has; every package must ask for it there. */
async function withoutProvenance(path: string): Promise<void> {
  const manifest = JSON.parse(await readFile(path, "utf8")) as { name: string; publishConfig?: Record<string, unknown> };
  demand(manifest.publishConfig?.["provenance"] === true, `"${manifest.name}" does not ask for provenance`);
  delete manifest.publishConfig?.["provenance"];
  await writeFile(path, JSON.stringify(manifest, null, 2));
}

async function commitAll(message: string): Promise<void> {
  const identity = ["-c", "user.name=Release", "-c", "user.email=release@example.org", "-c", "commit.gpgsign=false"];
  await runCommand(["git", "add", "-A"], { cwd: workspace });
  await runCommand(["git", ...identity, "commit", "-q", "-m", message], { cwd: workspace });
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`Cannot release: ${otherwise}`);
}
