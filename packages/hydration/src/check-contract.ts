import { type Artifact, compareFindings, compileGlobs, type ContractSpec, type Finding, type PathMatcher } from "@gov/schema";

/** Frameworks with two names, and what both mean (B-37). */
export const frameworkAliases: ReadonlyMap<string, string> = new Map([["fwk-001", "framework1"]]);

/** What a contract looks at. */
export type ContractedArtifact = Pick<Artifact, "id" | "kind" | "path">;

/** One breach of a framework contract, with the artifact and the rule (SCH-05). */
export interface ContractViolation extends Finding {
  readonly code:
    | "HYDRATION_CONTRACT_FRAMEWORK"
    | "HYDRATION_CONTRACT_GLOB"
    | "HYDRATION_CONTRACT_KIND"
    | "HYDRATION_CONTRACT_MISSING"
    | "HYDRATION_CONTRACT_PLACE";
  /** Id of the artifact; null when it is the absence of one, or the contract itself. */
  readonly artifact: string | null;
  /** The rule that is broken, as a place in the contract: `framework1/artifacts/0`. */
  readonly rule: string;
}

/** Whether the artifacts of a framework are those its contract allows. */
export interface ContractReport {
  /** True without a violation. */
  readonly ok: boolean;
  /** Canonical id of the framework, whatever its contract calls it. */
  readonly framework: string;
  /** By path, then by code. */
  readonly violations: readonly ContractViolation[];
}

/**
 * Checks the artifacts of a framework against its executable contract (SCH-05): only the kinds it lists, only where it says, and
 * every required one present. Kinds are listed as alternatives: an artifact satisfies the contract when one entry of its kind has no
 * path, or a glob that matches. States and gate checks of the same document are enforced by gates.
 *
 * @example A note has no place in the framework
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkContract } from "@gov/hydration";
 *
 * const contract = { framework: "framework1", artifacts: [{ kind: "plan", path: "plans/*.md", required: true }], states: ["PLANNED"], gate_checks: [] };
 * const artifacts = [{ id: "PLN-1", kind: "plan", path: "plans/a.md" }, { id: "N-1", kind: "note", path: "plans/n.md" }];
 * const report = checkContract(contract, artifacts, { framework: "fwk-001" });
 * assert.equal(report.ok, false);
 * assert.deepEqual(report.violations.map(({ artifact, rule }) => [artifact, rule]), [["N-1", "framework1/artifacts"]]);
 * ```
 */
export function checkContract(
  spec: ContractSpec,
  artifacts: readonly ContractedArtifact[],
  options: {
    /** The framework the artifacts belong to, by its id or an alias; others are out of scope (ENV-07). @default that of the contract */
    readonly framework?: string | undefined;
    /** Path of the contract, for findings that concern no artifact. @default null */
    readonly path?: string | undefined;
  } = {},
): ContractReport {
  const { framework: asked = spec.framework, path = null } = options;
  const framework = canonicalFramework(spec.framework);
  const entries = spec.artifacts.map((entry, index) => entryOf(entry, `${framework}/artifacts/${index}`));
  const violations = [
    ...wrongFramework({ spec, asked, framework, path }),
    ...entries.flatMap(({ violation }) => (violation === null ? [] : [{ ...violation, path }])),
    ...artifacts.flatMap((artifact) => breachOf(artifact, { entries, framework }) ?? []),
    ...entries.flatMap((entry) => missing(entry, { artifacts, path }) ?? []),
  ].sort((a, b) => compareFindings(a, b));
  return { ok: violations.length === 0, framework, violations };
}

/**
 * The artifacts that are a framework's, in their order: those of a kind that its contract lists, wherever they stand, and whatever
 * stands below the folder that holds all its places. So a repository may hold more than its framework, and the framework nothing
 * that its contract does not know (SCH-05).
 */
export function artifactsOfFramework<T extends ContractedArtifact>(spec: ContractSpec, artifacts: readonly T[]): readonly T[] {
  const kinds = new Set(spec.artifacts.map(({ kind }) => kind));
  const folder = commonFolder(spec.artifacts.flatMap(({ path }) => (path === undefined ? [] : [fixedFolders(path)])));
  const isInside = ({ path }: T) => folder.length > 0 && path.normalize("NFC").startsWith(`${folder.join("/")}/`);
  return artifacts.filter((artifact) => kinds.has(artifact.kind) || isInside(artifact));
}

/** The folders of a glob before the first that is a pattern. */
function fixedFolders(glob: string): readonly string[] {
  const folders = glob.normalize("NFC").split("/").slice(0, -1);
  const open = folders.findIndex((name) => /[*?[\]{}!()+@]/.test(name));
  return open === -1 ? folders : folders.slice(0, open);
}

function commonFolder([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  const end = first.findIndex((name, index) => others.some((folders) => folders[index] !== name));
  return end === -1 ? first : first.slice(0, end);
}

interface Entry {
  readonly kind: string;
  readonly glob: string | null;
  readonly required: boolean;
  readonly rule: string;
  readonly matches: PathMatcher;
  readonly violation: ContractViolation | null;
}

function canonicalFramework(name: string): string {
  return frameworkAliases.get(name) ?? name;
}

function entryOf({ kind, path, required }: ContractSpec["artifacts"][number], rule: string): Entry {
  const entry = { kind, glob: path ?? null, required, rule };
  if (path === undefined) return { ...entry, matches: () => true, violation: null };
  const compiled = compileGlobs({ include: [path] });
  if (compiled.ok) return { ...entry, matches: compiled.value, violation: null };
  const message = `Cannot use "${path}" of rule "${rule}": ${compiled.findings[0]?.message}`;
  const violation = violationOf("HYDRATION_CONTRACT_GLOB", { message, artifact: null, path: null, rule });
  return { ...entry, matches: () => false, violation };
}

function wrongFramework(options: {
  readonly spec: ContractSpec;
  readonly asked: string;
  readonly framework: string;
  readonly path: string | null;
}): readonly ContractViolation[] {
  const { spec, asked, framework, path } = options;
  const names = [spec.framework, ...(spec.aliases ?? [])].map(canonicalFramework);
  if (names.includes(canonicalFramework(asked))) return [];
  const message = `Framework "${asked}" has another contract than this one of "${framework}"`;
  return [violationOf("HYDRATION_CONTRACT_FRAMEWORK", { message, artifact: null, path, rule: `${framework}/framework` })];
}

function breachOf(
  { id, kind, path }: ContractedArtifact,
  { entries, framework }: { readonly entries: readonly Entry[]; readonly framework: string },
): ContractViolation | null {
  const allowed = entries.filter((entry) => entry.kind === kind);
  const [first] = allowed;
  if (first === undefined) {
    const message = `Artifact "${id}" of kind "${kind}" is not allowed in framework "${framework}"`;
    const kinds = [...new Set(entries.map((entry) => entry.kind))].sort().join(", ");
    return {
      ...violationOf("HYDRATION_CONTRACT_KIND", { message, artifact: id, path, rule: `${framework}/artifacts` }),
      expected: `one of ${kinds}`,
    };
  }
  if (allowed.some(({ matches }) => matches(path))) return null;
  const message = `Artifact "${id}" of kind "${kind}" stands where rule "${first.rule}" does not allow it`;
  const violation = violationOf("HYDRATION_CONTRACT_PLACE", { message, artifact: id, path, rule: first.rule });
  return { ...violation, expected: allowed.map(({ glob }) => glob).join(" or ") };
}

function missing(
  { kind, glob, required, rule, matches, violation }: Entry,
  options: { readonly artifacts: readonly ContractedArtifact[]; readonly path: string | null },
): ContractViolation | null {
  // A glob that cannot be used was reported itself; nothing can be present under it.
  if (!required || violation !== null) return null;
  if (options.artifacts.some((artifact) => artifact.kind === kind && matches(artifact.path))) return null;
  const message = `Rule "${rule}" requires an artifact of kind "${kind}"${glob === null ? "" : ` at "${glob}"`}, and there is none`;
  return violationOf("HYDRATION_CONTRACT_MISSING", { message, artifact: null, path: options.path, rule });
}

function violationOf(
  code: ContractViolation["code"],
  {
    message,
    artifact,
    path,
    rule,
  }: { readonly message: string; readonly artifact: string | null; readonly path: string | null; readonly rule: string },
): ContractViolation {
  return { code, severity: "error", message, path, line: null, column: null, artifact, rule };
}
