import { join } from "node:path";
import { once } from "./checks.ts";
import { installNode, type NodeBinary, type NodeRelease } from "./node-releases.ts";
import { pinnedInstall } from "./pinned-install.ts";
import { createProject, type Project } from "./project.ts";
import { missingTargets, packPackage, type Tarball } from "./tarballs.ts";
import { workspaceClosure, type WorkspacePackage } from "./workspace-packages.ts";

/** Everything the checks share, each made on first use and only once; what cannot be made fails every check that asks for it. */
export interface Installations {
  readonly tarball: (name: string) => Promise<Tarball>;
  readonly tools: () => Promise<string>;
  readonly node: (release: NodeRelease) => Promise<NodeBinary>;
  /** All packages in one project, installed by npm on that Node. */
  readonly together: (release: NodeRelease) => Promise<Project>;
  /** One package in a project of its own; what it needs of the workspace comes only if it declares it. */
  readonly alone: (name: string) => Promise<Project>;
}

/** Prepares the shared installations of a run. */
export function createInstallations(options: {
  readonly root: string;
  /** A fresh folder outside the workspace. */
  readonly scratch: string;
  /** Where pinned tools and Node releases stay between runs. */
  readonly cache: string;
  readonly packages: readonly WorkspacePackage[];
}): Installations {
  const { root, scratch, cache, packages } = options;
  const byName = new Map(packages.map((one) => [one.name, one]));
  const find = (name: string): WorkspacePackage => {
    const found = byName.get(name);
    if (found === undefined) throw new RangeError(`Cannot find the package "${name}" in the workspace`);
    return found;
  };
  const tarball = remember(async (name: string) => {
    const subject = find(name);
    const packed = await packPackage(subject, { root, into: join(scratch, "tarballs") });
    const missing = missingTargets(subject, packed.files);
    if (missing.length > 0)
      throw new Error(`Cannot use the tarball of "${name}": it lacks ${missing.join(", ")}; run \`pnpm build\` first`);
    return packed;
  });
  const paths = async (names: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    new Map(await Promise.all(names.map(async (name) => [name, (await tarball(name)).path] as const)));
  const node = remember((release: NodeRelease) => installNode(release, join(cache, "node")));
  return {
    tarball,
    node,
    tools: once(() => pinnedInstall(join(import.meta.dirname, "..", "tools"), join(cache, "pinned"))),
    together: remember(async (release: NodeRelease) =>
      createProject({
        directory: join(scratch, `node-${release}`),
        dependencies: await paths([...byName.keys()]),
        node: await node(release),
      }),
    ),
    alone: remember(async (name: string) =>
      createProject({
        directory: join(scratch, "alone", name.replace(/^@/, "").replace("/", "-")),
        dependencies: await paths([name]),
        overrides: await paths(workspaceClosure(find(name), packages)),
      }),
    ),
  };
}

function remember<K extends string, T>(make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const made = new Map<K, () => Promise<T>>();
  return (key) => {
    const known = made.get(key) ?? once(() => make(key));
    made.set(key, known);
    return known();
  };
}
