import { type Finding, isJsonObject, type JsonValue, parseDocument } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { parseTime } from "../internal/parse-time.ts";

/** An entry of an ignore file as the beginning of a waiver; ticket and signature are still to come, so it has no effect yet. */
export interface WaiverDraft {
  readonly rule: string;
  /** Path it is limited to, an entry with several gives several drafts; null for any. */
  readonly path: string | null;
  /** The comment above the line, or the `statement`. */
  readonly reason: string;
  readonly expires: string;
  readonly line: number | null;
}

/** What an ignore file holds, and what of it was refused. */
interface ImportedWaivers {
  readonly drafts: readonly WaiverDraft[];
  readonly findings: readonly Finding[];
}

/**
 * Reads a `.trivyignore` file: an id a line, `exp:2026-01-31` after it, its reason in the comment lines above; or, by the name of the file,
 * a `.trivyignore.yaml`: `id`, `paths`, `statement`, `expired_at` in the lists of Trivy (GOV-18). What has no reason, or no date that can be
 * read, is a finding and gives no draft: a suppression that never ends is none here. So is what is limited to packages (`purls`), which a
 * waiver cannot say: without the limit it would let more through.
 */
export function importTrivyignore(text: string, options: { readonly path: string }): ImportedWaivers {
  return /\.ya?ml$/.test(options.path) ? readYaml(text, options.path) : readLines(text, options.path);
}

interface Ignored {
  readonly rule: string;
  /** None for any. */
  readonly paths: readonly string[];
  readonly reason: string;
  readonly expires: string;
  readonly line: number | null;
  /** How a date is written there. */
  readonly example: string;
}

function readLines(text: string, path: string): ImportedWaivers {
  const ignored: Ignored[] = [];
  let comment: string[] = [];
  text.split("\n").forEach((raw, index) => {
    const content = raw.trim();
    if (content.startsWith("#")) return void comment.push(content.slice(1).trim());
    const reason = comment.join(" ").trim();
    comment = [];
    if (content === "") return;
    const [rule = "", ...rest] = content.split(/\s+/);
    const expires = rest.find((word) => word.startsWith("exp:"))?.slice(4) ?? "";
    ignored.push({ rule, paths: [], reason, expires, line: index + 1, example: "exp:2026-01-31" });
  });
  return draftsOf(ignored, path);
}

const lists = ["vulnerabilities", "misconfigurations", "secrets", "licenses"] as const;

function readYaml(text: string, path: string): ImportedWaivers {
  const parsed = parseDocument({ path, bytes: new TextEncoder().encode(text) }, { format: "yaml" });
  if (!parsed.ok) return { drafts: [], findings: parsed.findings };
  const { data, locate } = parsed.value;
  const refused: Finding[] = [];
  if (!isJsonObject(data))
    return { drafts: [], findings: [makeFinding("GATES_WAIVER_INVALID", "It holds no lists of what to ignore", { path })] };
  const ignored = lists.flatMap((list) => {
    const items = data[list] ?? [];
    if (!Array.isArray(items)) {
      refused.push(makeFinding("GATES_WAIVER_INVALID", `"${list}" is no list`, { path, line: locate(`/${list}`)?.line ?? null }));
      return [];
    }
    return items.flatMap((item: JsonValue, index): readonly Ignored[] => {
      const line = locate(`/${list}/${index}`)?.line ?? null;
      const refuse = (problem: string): readonly Ignored[] => {
        refused.push(makeFinding("GATES_WAIVER_INVALID", problem, { path, line }));
        return [];
      };
      if (!isJsonObject(item) || typeof item["id"] !== "string" || item["id"] === "") return refuse("An entry names no id");
      const { id, paths = [], purls = [], statement, expired_at: end } = item;
      if (!isTexts(paths) || !isTexts(purls)) return refuse(`"${id}" is limited by what is no list of texts`);
      if (purls.length > 0) return refuse(`"${id}" is ignored for some packages only, which a waiver cannot say`);
      return [{ rule: id, paths, reason: textOf(statement), expires: textOf(end), line, example: "expired_at: 2026-01-31" }];
    });
  });
  const { drafts, findings } = draftsOf(ignored, path);
  return { drafts, findings: [...parsed.findings, ...refused, ...findings] };
}

function draftsOf(ignored: readonly Ignored[], path: string): ImportedWaivers {
  const drafts: WaiverDraft[] = [];
  const findings: Finding[] = [];
  for (const { example, paths, ...draft } of ignored) {
    const { rule, reason, expires, line } = draft;
    const refuse = (problem: string) =>
      void findings.push(makeFinding("GATES_WAIVER_INVALID", `"${rule}" is ignored without ${problem}`, { path, line }));
    if (reason === "") refuse("a reason");
    else if (parseTime(expires) === null) refuse(`an end: add "${example}"`);
    else for (const limit of paths.length === 0 ? [null] : paths) drafts.push({ ...draft, path: limit });
  }
  return { drafts, findings };
}

function isTexts(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item: JsonValue) => typeof item === "string");
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}
