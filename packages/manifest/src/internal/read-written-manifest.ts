import type { GateOutcome, ManifestModel, PriorManifest, SealedArtifact } from "../model.ts";
import { checkModel } from "./check-model.ts";
import { manifestLines } from "./manifest-lines.ts";

/** More artifacts than this are left to the reader of any YAML, which has its own bounds. */
const maxArtifacts = 240_000;

/**
 * Reads a manifest that stands exactly as `renderManifest` writes it, in one pass over its lines, or returns null: then it is for the reader of any YAML. What is guessed
 * here is believed only when writing it again gives the same text, character for character, and the model is one that may be sealed; so it is the model that the other
 * reader gives, found faster.
 */
export function readWrittenManifest(text: string): ManifestModel | null {
  const guess = guessModel(text);
  return guess !== null && isWrittenAs(guess, text) && checkModel(guess).length === 0 ? guess : null;
}

function isWrittenAs(model: ManifestModel, text: string): boolean {
  let offset = 0;
  for (const line of manifestLines(model)) {
    if (!text.startsWith(line, offset) || text.charCodeAt(offset + line.length) !== newline) return false;
    offset += line.length + 1;
  }
  return offset === text.length;
}

const newline = 10;

/** Where the indented lines below a field stand; there may be very many, so they are not kept apart from the text. */
interface Group {
  readonly text: string;
  readonly start: number;
  end: number;
  lines: number;
}

/** Takes every line for what its place suggests. */
function guessModel(text: string): ManifestModel | null {
  const fields = new Map<string, string>();
  const groups = new Map<string, Group>();
  let group: Group | null = null;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    if (end === -1) return null;
    if (text.charCodeAt(start) === 32) {
      if (group === null || ++group.lines > maxArtifacts) return null;
      group.end = end + 1;
    } else {
      const colon = text.indexOf(":", start);
      if (colon === -1 || colon > end) return null;
      const name = text.slice(start, colon);
      group = null;
      if (colon + 1 === end) groups.set(name, (group = { text, start: end + 1, end: end + 1, lines: 0 }));
      else fields.set(name, text.slice(colon + 2, end));
    }
    start = end + 1;
  }
  return assemble(fields, groups);
}

function* linesOf(group: Group | undefined): Generator<string, undefined> {
  if (group === undefined) return;
  const { text } = group;
  for (let { start } = group; start < group.end;) {
    const end = text.indexOf("\n", start);
    yield text.slice(start + 2, end);
    start = end + 1;
  }
}

function artifactsOf(checksums: Group | undefined, sizes: Group | undefined): readonly SealedArtifact[] {
  const size = linesOf(sizes);
  const artifacts: SealedArtifact[] = [];
  for (const line of linesOf(checksums)) artifacts.push(artifactOf(line, size.next().value ?? ""));
  return artifacts;
}

function assemble(fields: ReadonlyMap<string, string>, groups: ReadonlyMap<string, Group>): ManifestModel | null {
  const governance = new Map(Array.from(linesOf(groups.get("governance")), (line) => split(line, ": ")));
  try {
    const text = (name: string): string => asText(JSON.parse(fields.get(name) ?? "null"));
    const reference = (name: string): PriorManifest | null =>
      fields.has(`${name}_manifest_id`)
        ? { manifestId: text(`${name}_manifest_id`), digest: text(`${name}_manifest_digest`) as PriorManifest["digest"] }
        : null;
    const gates = Array.from(linesOf(groups.get("gate_results")), (line) => entryOf(line, JSON.parse) as readonly [string, GateOutcome]);
    const [closes, restores] = [reference("closes"), reference("restores")];
    return {
      manifestId: text("manifest_id"),
      cycleId: text("cycle_id"),
      sequence: Number(fields.get("sequence")),
      createdAt: text("created_at"),
      createdBy: text("created_by"),
      snapshotRev: text("snapshot_rev"),
      rulebookHash: text("rulebook_hash") as ManifestModel["rulebookHash"],
      artifacts: artifactsOf(groups.get("artifact_checksums"), groups.get("artifact_sizes")),
      gateResults: Object.fromEntries(gates),
      governance: {
        tags: (JSON.parse(governance.get("tags") ?? "null") as readonly unknown[]).map(asText),
        criticalIssues: Number(governance.get("critical_issues")),
        criticalViolations: Number(governance.get("critical_violations")),
        decisionLogRef:
          governance.get("decision_log_ref") === "null" ? null : asText(JSON.parse(governance.get("decision_log_ref") ?? "null")),
      },
      prior: reference("prior"),
      ...(closes === null ? {} : { closes }),
      ...(restores === null ? {} : { restores }),
      notes: text("notes"),
    };
  } catch {
    return null;
  }
}

/** Of `"a/b": "sha256:…"` and `"a/b": 17`; the digest is always 71 characters long, and the path before it is written twice. */
function artifactOf(checksum: string, size: string): SealedArtifact {
  const at = checksum.length - 75;
  const quoted = checksum.slice(0, at);
  return {
    path: quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1),
    digest: checksum.slice(at + 3, -1) as SealedArtifact["digest"],
    size: Number(size.slice(size.lastIndexOf(" ") + 1)),
  };
}

/** Numbers would be written again as they are read; only texts may stand where texts belong. */
function asText(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("No text");
  return value;
}

function entryOf(line: string, read: (text: string) => unknown): readonly [string, unknown] {
  const [key, value] = split(line, ": ");
  return [JSON.parse(key) as string, read(value)];
}

function split(line: string, by: string): readonly [string, string] {
  const at = line.indexOf(by);
  return at === -1 ? [line, ""] : [line.slice(0, at), line.slice(at + by.length)];
}
