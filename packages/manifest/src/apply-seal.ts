import { join } from "node:path";
import { createFileOnce, type FileSystem, isAtomicIoError, nodeFileSystem } from "@gov/atomic-io";
import { ManifestError } from "./errors.ts";
import type { SealedManifest } from "./seal-manifest.ts";

/** Options of {@link applySeal}. */
export interface ApplySealOptions {
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
}

/** Where {@link applySeal} wrote. */
export interface AppliedSeal {
  readonly manifestPath: string;
  readonly envelopePath: string;
}

/**
 * Writes a sealed manifest into a directory, the manifest first, then the envelope beside it (`<name>.dsse.json`); both are written once and never replaced
 * (MAN-08). Durable once the promise resolves. Doing it again with the same bytes changes nothing, so a seal that was interrupted between the two files is
 * finished by sealing the same model again; until then the manifest counts as unsigned and does not verify.
 *
 * @throws {@link ManifestError} `MANIFEST_ALREADY_SEALED` when one of the files exists with other bytes; nothing is overwritten.
 */
export async function applySeal(directory: string, sealed: SealedManifest, options: ApplySealOptions = {}): Promise<AppliedSeal> {
  const { fs = nodeFileSystem } = options;
  const manifestPath = join(directory, sealed.name);
  const envelopePath = `${manifestPath}.dsse.json`;
  await writeOnce(manifestPath, sealed.manifestText, fs);
  await writeOnce(envelopePath, sealed.envelopeText, fs);
  return { manifestPath, envelopePath };
}

async function writeOnce(path: string, text: string, fs: FileSystem): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  try {
    await createFileOnce(path, bytes, { fs });
  } catch (error) {
    if (!isAtomicIoError(error) || error.code !== "ATOMIC_IO_TARGET_EXISTS") throw error;
    if (await holdsExactly(path, bytes, fs)) return;
    throw new ManifestError("MANIFEST_ALREADY_SEALED", `Cannot seal "${path}": it is sealed already with other content`, {
      details: { path },
      hint: "A change needs a new manifest, with its own id and sequence, that names this one as its prior",
      cause: error,
    });
  }
}

async function holdsExactly(path: string, bytes: Uint8Array, fs: FileSystem): Promise<boolean> {
  const handle = await fs.open(path, "read");
  try {
    const found = new Uint8Array(bytes.length + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < found.length; length += got) got = await handle.read(found.subarray(length), length);
    return Buffer.compare(found.subarray(0, length), bytes) === 0;
  } finally {
    await handle.close();
  }
}
