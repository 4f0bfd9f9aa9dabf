import type { Repo } from "./repo.ts";

/** The parts of a package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One way into a package: what a user imports, and the source it leads to. */
interface Entry {
  /** `@gov/schema/canonical` */
  readonly specifier: string;
  /** `packages/schema/src/canonical/index.ts` */
  readonly source: string;
}

/** One publishable package of the workspace. */
export interface WorkspacePackage {
  readonly name: string;
  /** `packages/schema` */
  readonly folder: string;
  /** True for what stands in `apps/`. */
  readonly app: boolean;
  readonly manifest: Manifest;
  /** In the order of the exports map. */
  readonly entries: readonly Entry[];
  /** Paths of the modules in `src/`. */
  readonly sources: readonly string[];
  /** Paths of the modules in `test/` and `bench/`. */
  readonly tests: readonly string[];
}

const isModule = (path: string): boolean => /\.[mc]?[jt]s$/.test(path);

/** Lists the packages of `packages/` and `apps/`, sorted by folder. */
export function workspacePackages(repo: Repo): readonly WorkspacePackage[] {
  const paths = [...repo.files.keys()];
  return paths
    .filter((path) => /^(?:packages|apps)\/[^/]+\/package\.json$/.test(path))
    .map((path) => {
      const folder = path.slice(0, -"/package.json".length);
      const manifest = readManifest(repo, path);
      const within = (part: string): readonly string[] => paths.filter((file) => file.startsWith(`${folder}/${part}/`) && isModule(file));
      return {
        name: manifest.name,
        folder,
        app: folder.startsWith("apps/"),
        manifest,
        entries: entriesOf(manifest, folder),
        sources: within("src"),
        tests: [...within("test"), ...within("bench")],
      };
    });
}

/** Reads one package.json. */
export function readManifest(repo: Repo, path: string): Manifest {
  try {
    return JSON.parse(repo.files.get(path) ?? "") as Manifest;
  } catch (cause) {
    throw new SyntaxError(`Cannot read "${path}": it is no JSON`, { cause });
  }
}

function entriesOf({ name, exports = {} }: Manifest, folder: string): readonly Entry[] {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const source = typeof target === "object" && target !== null ? (target as Record<string, unknown>)["@gov/source"] : undefined;
    if (typeof source !== "string") return [];
    return [{ specifier: name + subpath.slice(1), source: `${folder}/${source.replace(/^\.\//, "")}` }];
  });
}
