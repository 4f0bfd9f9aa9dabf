import {
  compileGlobs,
  checkDocuments,
  type Artifact,
  compareFindings,
  type DocumentInput,
  type Finding,
  type PathMatcher,
} from "@gov/schema";
import { type IndexFindingCode, readFileBounded, scanFiles } from "@gov/index-writer";
import type { Context } from "../context.ts";
import type { GovernedRoot } from "./open-root.ts";

/** Every governed document of a root, read and checked. */
export interface LoadedDocuments {
  /** Absolute paths of the folders that were listed and the files that were read. */
  readonly looked: { readonly directories: readonly string[]; readonly files: readonly string[] };
  /** Every file below the root, governed or not. */
  readonly listed: readonly ListedFile[];
  readonly inputs: readonly DocumentInput[];
  /** The documents that were not read, as {@link LoadOptions.passOver} had it, sidecars included. */
  readonly passedOver: readonly ListedFile[];
  readonly artifacts: readonly Artifact[];
  /** What reading and checking found, sorted. */
  readonly findings: readonly Finding[];
}

/** A file that was seen. */
export interface ListedFile {
  readonly path: string;
  readonly absolute: string;
  readonly size: number;
}

/** Options of {@link loadDocuments}. */
export interface LoadOptions {
  /** Bytes to take for some paths instead of those in the file, whether it is there or not; null for a file that counts as gone. @default none */
  readonly instead?: ReadonlyMap<string, Uint8Array | null> | undefined;
  /**
   * Tells which of the documents found need not be read, for whoever wants the artifacts of the others alone: the findings then do not say how all stand to each
   * other. Rule documents are read all the same. @default none
   */
  readonly passOver?: ((documents: readonly ListedFile[]) => ReadonlySet<string>) | undefined;
}

/** What a file is called that describes another one, after the name of that. */
export const sidecarSuffix = ".meta.yaml";

/** So many that a disk always has the next one to fetch, so few that no limit on open files is near. */
const readsAtOnce = 32;

/** Findings on folders whose documents stay unread, whatever their names, and what to do about them here. */
const unread: ReadonlyMap<string, string> = new Map<IndexFindingCode, string>([
  ["INDEX_DEPTH_EXCEEDED", "flatten the folders, or leave them out: documents.exclude in gov.yaml"],
  ["INDEX_DIRECTORY_UNREADABLE", "allow this user to read the folder, or leave it out: documents.exclude in gov.yaml"],
]);

/** A name that no file has: a glob that matches it matches every name. */
const anyName = "\0any";

/** Finds, reads and checks the governed documents. Whatever cannot be read is a finding; nothing is written. */
export async function loadDocuments(context: Context, root: GovernedRoot, options: LoadOptions = {}): Promise<LoadedDocuments> {
  const { instead = new Map<string, Uint8Array | null>(), passOver = () => new Set<string>() } = options;
  const { config, directory, registry } = root;
  const governed = matcher(config.documents);
  const isRule = rulePaths(root);
  const matches = (path: string) =>
    governed(path) || isRule(path) || (path.endsWith(sidecarSuffix) && governed(path.slice(0, -sidecarSuffix.length)));
  context.progress(`reading the documents of ${directory}`);
  // Every file is listed, because a reference may lead to one that is not governed; only the governed are read.
  const directories: string[] = [];
  const readdir = (path: string) => (directories.push(path), context.fs.readdir(path));
  const scan = await scanFiles(directory, { fs: { ...context.fs, readdir } });
  const inputs: DocumentInput[] = [];
  const excluded = matcher({ include: config.documents.exclude, exclude: [] });
  const isLeftOut = (folder: string) => excluded(`${folder}/${anyName}`) && excluded(`${folder}/${anyName}/${anyName}`);
  const findings: Finding[] = scan.findings.flatMap((finding) => {
    const { path, code } = finding;
    const hint = unread.get(code);
    if (path === null || (hint === undefined ? !matches(path) : isLeftOut(path))) return [];
    return hint === undefined ? [finding] : [{ ...finding, hint }];
  });
  const governedFiles = scan.files.filter(({ path }) => matches(path));
  const candidates = governedFiles.filter(({ path }) => !instead.has(path));
  const known = passOver(candidates);
  const ruleOf = (path: string) => isRule(path) || (path.endsWith(sidecarSuffix) && isRule(path.slice(0, -sidecarSuffix.length)));
  const passedOver = candidates.filter(({ path }) => known.has(path) && !ruleOf(path));
  const passed = new Set(passedOver);
  const wanted = candidates.filter((file) => !passed.has(file));
  for (let first = 0; first < wanted.length; first += readsAtOnce) {
    const some = wanted.slice(first, first + readsAtOnce);
    context.progress(`reading ${some[0]?.path}`);
    const reads = some.map(({ path, absolute }) => readFileBounded(absolute, { maxBytes: config.limits.maxBytes, fs: context.fs, path }));
    for (const [at, read] of (await Promise.all(reads)).entries()) {
      if (read.ok) inputs.push({ path: (some[at] as ListedFile).path, bytes: read.value });
      findings.push(...read.findings);
    }
  }
  for (const [path, bytes] of instead) if (bytes !== null && matches(path)) inputs.push({ path, bytes });
  context.progress(`checking ${inputs.length} documents`);
  const present = new Set(scan.files.map(({ path }) => path));
  for (const [path, bytes] of instead)
    if (bytes === null) present.delete(path);
    else present.add(path);
  const report = checkDocuments(inputs, registry, {
    limits: config.limits,
    paths: [...present],
  });
  return {
    looked: { directories, files: governedFiles.map(({ absolute }) => absolute) },
    listed: scan.files,
    inputs,
    passedOver,
    artifacts: report.artifacts,
    findings: [...findings, ...report.findings].sort(compareFindings),
  };
}

/** Tells the paths of rule documents, as the configuration names them. */
export function rulePaths({ config }: GovernedRoot): PathMatcher {
  return matcher({ include: config.rules, exclude: config.documents.exclude });
}

/** The artifacts that the configuration names as rule documents. */
export function ruleDocuments(root: GovernedRoot, artifacts: readonly Artifact[]): readonly Artifact[] {
  const isRule = rulePaths(root);
  return artifacts.filter(({ path }) => isRule(path));
}

/** The configuration was read only after its globs had been compiled once: they compile. */
function matcher(globs: { readonly include: readonly string[]; readonly exclude: readonly string[] }): PathMatcher {
  const compiled = compileGlobs(globs);
  if (!compiled.ok) throw new RangeError(`Cannot match paths: ${compiled.findings[0]?.message ?? "the globs do not compile"}`);
  return compiled.value;
}
