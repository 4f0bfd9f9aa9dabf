import { createMemoryFileSystem, type MemoryFileSystem, type MemoryFileSystemOptions } from "@gov/atomic-io/testing";
import { selectSnapshot, takeSnapshot, type TakenSnapshot, type VerifiedSnapshot } from "@gov/manifest/snapshot";
import { type Clock, createMemoryBackend, createObjectStore, type ObjectBackend, type ObjectStore } from "@gov/manifest/storage";
import type { Signer, TrustPolicy } from "@gov/manifest/sign";
import { ann, at, ben, policy, trust } from "./manifest-fakes.ts";
import { fakeClock } from "./storage-fakes.ts";

export const trusted: TrustPolicy = policy([trust(ann), trust(ben)], 2);
export const clock: Clock = fakeClock(at);

/** The state that is snapshotted, and the one a root is in before it is restored. */
export const sealedFiles: Files = {
  "a/plan.yaml": "status: approved\n",
  "a/b/map.md": "# Map\n",
  "twin.md": "# Map\n",
};
export const brokenFiles: Files = { "a/plan.yaml": "status: draft\n", "twin.md": "# Map\n", "new.md": "new\n" };

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

export interface Site {
  readonly backend: ObjectBackend;
  readonly store: ObjectStore;
}

export function site(): Site {
  const backend = createMemoryBackend();
  return { backend, store: createObjectStore(backend, { clock }) };
}

export const reader =
  (files: Files) =>
  (path: string): Promise<Uint8Array | null> =>
    Promise.resolve(Object.hasOwn(files, path) ? new TextEncoder().encode(files[path]) : null);

export function take(to: Site, signers: readonly Signer[] = [ann.signer, ben.signer], files: Files = sealedFiles): Promise<TakenSnapshot> {
  return takeSnapshot({ trigger: "gate", paths: Object.keys(files), readArtifact: reader(files) }, { ...to, clock, signers });
}

export async function taken(to: Site, files: Files = sealedFiles): Promise<VerifiedSnapshot> {
  await take(to, undefined, files);
  return selectSnapshot(to.backend, { store: to.store, policy: trusted, at });
}

/** A root in memory that holds the files. */
export function rootOf(files: Files, options: MemoryFileSystemOptions = {}): MemoryFileSystem {
  return createMemoryFileSystem({
    ...options,
    files: Object.fromEntries(Object.entries({ keep: "", ...files }).map(([path, text]) => [`/root/${path}`, text])),
  });
}

/** Files below the root, without bookkeeping. */
export function stateOf(fs: MemoryFileSystem): Files {
  const names = [...fs.files()].filter(([path]) => path.startsWith("/root/") && !/\/\.gov|\/keep$/.test(path));
  return Object.fromEntries(
    names
      .map(([path, bytes]) => [path.slice("/root/".length), new TextDecoder().decode(bytes)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
