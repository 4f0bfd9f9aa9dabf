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
  readonly inputs: readonly DocumentInput[];
  readonly artifacts: readonly Artifact[];
  /** What reading and checking found, sorted. */
  readonly findings: readonly Finding[];
}

const sidecarSuffix = ".meta.yaml";

/** Findings on folders whose documents stay unread, whatever their names. */
const unread: ReadonlySet<string> = new Set<IndexFindingCode>(["INDEX_DEPTH_EXCEEDED", "INDEX_DIRECTORY_UNREADABLE"]);

/** Finds, reads and checks the governed documents. Whatever cannot be read is a finding; nothing is written. */
export async function loadDocuments(context: Context, root: GovernedRoot): Promise<LoadedDocuments> {
  const { config, directory, registry } = root;
  const governed = matcher(config.documents);
  const isRule = rulePaths(root);
  const matches = (path: string) =>
    governed(path) || isRule(path) || (path.endsWith(sidecarSuffix) && governed(path.slice(0, -sidecarSuffix.length)));
  context.progress(`reading the documents of ${directory}`);
  // Every file is listed, because a reference may lead to one that is not governed; only the governed are read.
  const scan = await scanFiles(directory, { fs: context.fs });
  const inputs: DocumentInput[] = [];
  const findings: Finding[] = scan.findings.filter(({ code, path }) => unread.has(code) || (path !== null && matches(path)));
  for (const { path, absolute } of scan.files) {
    if (!matches(path)) continue;
    context.progress(`reading ${path}`);
    const read = await readFileBounded(absolute, { maxBytes: config.limits.maxBytes, fs: context.fs, path });
    if (read.ok) inputs.push({ path, bytes: read.value });
    findings.push(...read.findings);
  }
  context.progress(`checking ${inputs.length} documents`);
  const report = checkDocuments(inputs, registry, { limits: config.limits, paths: scan.files.map(({ path }) => path) });
  return { inputs, artifacts: report.artifacts, findings: [...findings, ...report.findings].sort(compareFindings) };
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
