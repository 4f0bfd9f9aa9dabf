import { basename, dirname, join } from "node:path";
import { ensureDirectory } from "@gov/atomic-io";
import { readFileBounded } from "@gov/index-writer";
import { applySeal, type ManifestModel, parseManifest, sealManifest } from "@gov/manifest";
import type { Signer } from "@gov/manifest/sign";
import type { Context } from "../context.ts";
import { isThere } from "./is-there.ts";

const maxManifestBytes = 1 << 28;

/**
 * Time and revision of a seal that was interrupted before its envelope was written: sealing goes on with them; where anything else is not as it was, the two
 * differ, and it is refused like any other second seal. Null where nothing was begun.
 */
export async function begunSeal(
  context: Context,
  directory: string,
  path: string,
): Promise<Pick<ManifestModel, "createdAt" | "snapshotRev"> | null> {
  const absolute = join(directory, path);
  return (await isThere(context, `${absolute}.dsse.json`)) ? null : standingSeal(context, directory, path);
}

/** Time and revision of the manifest that stands at a path, whole or not: sealing the same once more with them changes nothing. Null where none stands. */
export async function standingSeal(
  context: Context,
  directory: string,
  path: string,
): Promise<Pick<ManifestModel, "createdAt" | "snapshotRev"> | null> {
  const absolute = join(directory, path);
  if (!(await isThere(context, absolute))) return null;
  const read = await readFileBounded(absolute, { maxBytes: maxManifestBytes, fs: context.fs, path });
  const parsed = read.ok ? parseManifest(read.value, { path }) : read;
  return parsed.ok ? { createdAt: parsed.value.createdAt, snapshotRev: parsed.value.snapshotRev } : null;
}

/** Signs a manifest and writes it with its envelope beside it, once. */
export async function writeSeal(
  { fs }: Context,
  { model, signers, path }: { readonly model: ManifestModel; readonly signers: readonly Signer[]; readonly path: string },
): Promise<void> {
  await ensureDirectory(dirname(path), { fs });
  await applySeal(dirname(path), await sealManifest(model, { signers, name: basename(path) }), { fs });
}
