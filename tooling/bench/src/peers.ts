import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { replaceFile } from "@gov/atomic-io";
import { pinnedInstall } from "@gov/tooling-pack-smoke/pinned-install";

/** Gives access to the packages that `peers/package.json` pins; they are installed outside the workspace on first use. */
export interface Peers {
  /** The folder whose `node_modules` holds them. */
  readonly directory: () => Promise<string>;
  /** Imports one. @throws Error when it cannot be installed or loaded. */
  readonly load: <T>(name: string) => Promise<T>;
  /** Its name and exact version. */
  readonly label: (name: string) => Promise<string>;
}

/** Prepares access to the peers; nothing is installed before one is asked for. */
export function openPeers(cache: string): Peers {
  let installed: Promise<string> | undefined;
  const directory = (): Promise<string> => (installed ??= install(cache));
  return {
    directory,
    load: async <T>(name: string): Promise<T> => {
      const loader = (await import(pathToFileURL(join(await directory(), "load.mjs")).href)) as {
        readonly load: (name: string) => Promise<T>;
      };
      return loader.load(name);
    },
    label: async (name) => {
      const manifest = JSON.parse(await readFile(join(await directory(), "node_modules", name, "package.json"), "utf8")) as {
        version: string;
      };
      return `${name} ${manifest.version}`;
    },
  };
}

async function install(cache: string): Promise<string> {
  const directory = await pinnedInstall(join(import.meta.dirname, "..", "peers"), cache);
  // A bare name is resolved from the module that imports it, so that module must stand beside the peers.
  // Replaced in one step, since several processes may be loading it.
  await replaceFile(join(directory, "load.mjs"), "export const load = (name) => import(name);\n", { durability: "none" });
  return directory;
}
