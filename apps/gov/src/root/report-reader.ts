import { join } from "node:path";
import type { CachedReader } from "@gov/gates";
import { readFileBounded } from "@gov/index-writer";
import type { DocumentInput, Result } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import type { Context } from "../context.ts";
import type { Governed } from "./load-governed.ts";

interface Report<T> {
  readonly path: string;
  readonly parse: (document: DocumentInput) => Result<T>;
}

/** Reads a report; what was read from the same bytes before need not be parsed again. */
export function reportReader<T>(context: Context, { root }: Governed, { path, parse }: Report<T>): CachedReader<T> {
  let bytes: Promise<Uint8Array> | null = null;
  const read = (): Promise<Uint8Array> => (bytes ??= readBytes(context, root, path));
  const sources = async () => [{ path, digest: digestBytes(await read()) }];
  return {
    inputs: sources,
    read: async () => {
      const parsed = parse({ path, bytes: await read() });
      if (!parsed.ok) throw new Error(parsed.findings[0]?.message ?? `Cannot use "${path}"`);
      return { value: parsed.value, sources: await sources() };
    },
  };
}

async function readBytes(context: Context, root: Governed["root"], path: string): Promise<Uint8Array> {
  const read = await readFileBounded(join(root.directory, path), { maxBytes: root.config.limits.maxBytes, fs: context.fs, path });
  if (!read.ok) throw new Error(read.findings[0]?.message ?? `Cannot read "${path}"`);
  return read.value;
}
