import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { type ArtifactDigests, parseArtifactDigests } from "@gov/manifest/supply-chain";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";

const maxBytes = 1 << 30;

/** Reads an `artifact_digests.json`. */
export async function readArtifactDigests(context: Context, file: string): Promise<ArtifactDigests> {
  const parsed = parseArtifactDigests(new TextDecoder().decode(await readNamedFile(context, file)));
  if (parsed.ok) return parsed.value;
  throw new InputError("CLI_FILE_UNREADABLE", `Cannot use "${file}": it is no list of artifact digests`, { findings: parsed.findings });
}

/** Reads a file that a call names. */
export async function readNamedFile(context: Context, file: string): Promise<Uint8Array> {
  const read = await readFileBounded(resolve(context.cwd, file), { maxBytes, fs: context.fs, path: file });
  if (read.ok) return read.value;
  throw new InputError("CLI_FILE_UNREADABLE", `Cannot read "${file}"`, { findings: read.findings });
}
