import { join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { isJsonObject } from "@gov/schema";
import { type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import { readWhole } from "../internal/read-whole.ts";
import type { SealedArtifact } from "../model.ts";
import { parseManifest } from "../parse-manifest.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { EntryLog } from "./entry-log.ts";
import { readPromotionBoard } from "./promotion-board.ts";
import { playbookStepKind } from "./promotion-state.ts";

/** What promotions have put into an environment. */
export interface PlacedArtifacts {
  /** Artifacts of the manifest that stands there; null while none does. */
  readonly standing: readonly SealedArtifact[] | null;
  /** Paths of every manifest whose promotion there was ever begun, sorted: what a rollback has to remove where the snapshot has it not. */
  readonly paths: readonly string[];
}

/**
 * Reads from the log and the store what promotions have put into an environment. A manifest whose promotion stopped before it was kept has placed nothing.
 *
 * @throws {@link ManifestError} `MANIFEST_PROMOTION_STATE_INVALID`, `MANIFEST_OBJECT_CORRUPT`.
 */
export async function readPlacedArtifacts(
  environment: string,
  { log, store }: { readonly log: EntryLog; readonly store: ObjectStore },
): Promise<PlacedArtifacts> {
  const begun = new Set<Digest>();
  for await (const { kind, payload } of log.read()) {
    const about = kind === playbookStepKind && isJsonObject(payload) ? (payload["about"] ?? null) : null;
    if (isJsonObject(about) && about["environment"] === environment && isDigest(about["digest"])) begun.add(about["digest"]);
  }
  const stands = (await readPromotionBoard(log)).environments.get(environment)?.digest ?? null;
  const paths = new Set<string>();
  for (const digest of begun) for (const { path } of (await readKept(digest, store)) ?? []) paths.add(path);
  return { standing: stands === null ? null : await readKept(stands, store), paths: [...paths].sort() };
}

/** True when every artifact stands below the root as it was sealed. */
export async function standAsSealed(
  root: string,
  artifacts: readonly SealedArtifact[],
  options: { readonly fs?: FileSystem | undefined } = {},
): Promise<boolean> {
  const { fs = nodeFileSystem } = options;
  for (const { path, digest } of artifacts) {
    const bytes = await readWhole(join(root, path), fs);
    if (bytes === null || digestBytes(bytes) !== digest) return false;
  }
  return true;
}

async function readKept(digest: Digest, store: ObjectStore): Promise<readonly SealedArtifact[] | null> {
  const bytes = await store.get(digest);
  const parsed = bytes === null ? null : parseManifest(bytes);
  return parsed?.ok === true ? parsed.value.artifacts : null;
}
