import { findPlainWrites, type SourceFile, sourceGlobs } from "@gov/gates/enforcement";
import { readFileBounded } from "@gov/index-writer";
import { compileGlobs, type Finding, type Rulebook } from "@gov/schema";
import type { Context } from "../context.ts";
import type { ListedFile, LoadOptions } from "./load-documents.ts";
import { writeModeInForce } from "./write-mode.ts";

const maxSourceBytes = 1 << 21;

/** Programs below a root that write to what its rules protect. */
interface PlainWrites {
  /** Absolute paths of the programs that were read. */
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Looks for them, unless direct writes are allowed by the mode in force; an environment that names no mode allows nothing.
 * What is staged counts instead of what lies there.
 */
export async function plainWrites(
  context: Context,
  listed: readonly ListedFile[],
  { sync, instead }: { readonly sync: NonNullable<Rulebook["sync"]>; readonly instead: LoadOptions["instead"] },
): Promise<PlainWrites> {
  const { protected_paths: protectedPaths = [] } = sync;
  const { mode, problem } = writeModeInForce(context, sync);
  if (protectedPaths.length === 0 || (mode === "direct" && problem === null)) return { files: [], findings: [] };
  const isSource = compileGlobs({ include: sourceGlobs });
  if (!isSource.ok) return { files: [], findings: isSource.findings };
  const programs = listed.filter(({ path, size }) => size <= maxSourceBytes && isSource.value(path));
  const sources: SourceFile[] = [];
  for (const { path, absolute } of programs) {
    const staged = instead?.get(path);
    if (staged === null) continue;
    const read = staged === undefined ? await readFileBounded(absolute, { maxBytes: maxSourceBytes, fs: context.fs, path }) : null;
    const bytes = read === null ? staged : read.ok ? read.value : undefined;
    if (bytes !== undefined) sources.push({ path, text: new TextDecoder().decode(bytes) });
  }
  return { files: programs.map(({ absolute }) => absolute), findings: findPlainWrites(sources, { protectedPaths }) };
}
