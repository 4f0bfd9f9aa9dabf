import { type JsonObject, isJsonObject } from "../json.ts";
import { type DocumentInput, parseDocument } from "../reading/parse-document.ts";

/** A kind that documents seem to be of, as `gov.yaml` would say it, and how many there are. */
export interface DetectedKind {
  readonly name: string;
  readonly documents: number;
  /** The value of `kinds.<name>`. */
  readonly config: JsonObject & { readonly include: readonly string[] };
}

interface Recognizer {
  readonly name: string;
  /** The whole path, or a path up to the folder in its first group. */
  readonly path: RegExp;
  readonly glob: (folder: string) => string;
  readonly id?: "directory";
  readonly frontMatter?: "line";
  readonly title: string;
}

/** What a path tells; the first that fits decides. */
const recognizers: readonly Recognizer[] = [
  { name: "skill", path: /^(?:.*\/)?SKILL\.md$/, glob: () => "**/SKILL.md", id: "directory", title: "name" },
  { name: "kep", path: /^(?:.*\/)?kep\.yaml$/, glob: () => "**/kep.yaml", id: "directory", title: "title" },
  { name: "cursor_rule", path: /^(.*\/)?[^/]+\.mdc$/, glob: (folder) => `${folder}*.mdc`, frontMatter: "line", title: "description" },
  {
    name: "adr",
    path: /^((?:.*\/)?(?:adrs?|decisions|decision-records|architecture[-_]decisions)\/)(?:.*\/)?[^/]+\.md$/i,
    glob: (folder) => `${folder}**/*.md`,
    title: "title",
  },
  { name: "rfc", path: /^((?:.*\/)?(?:rfcs?|proposals)\/)(?:.*\/)?[^/]+\.md$/i, glob: (folder) => `${folder}**/*.md`, title: "title" },
  {
    name: "page",
    path: /^((?:docs?|content|site|website|handbook|guides?)\/)(?:.*\/)?[^/]+\.mdx?$/i,
    glob: (folder) => `${folder}**/*.{md,mdx}`,
    title: "title",
  },
];

/** Files beside decisions and proposals that are none. */
const beside = /(?:^|\/)(?:readme|index|template|0+-?template)[^/]*$/i;
const besideGlobs = ["**/[Rr][Ee][Aa][Dd][Mm][Ee]*", "**/index*", "**/template*", "**/*-template*"];

/** Status words of the field, each with what it means here; whatever is not known is a draft, because nothing is approved by accident. */
const approvedWords = /^(?:accepted|active|adopted|approved|current|done|final|implemented|live|published|stable)$/i;
const reviewWords = /^(?:in[ -_]?review|review|under[ -_]review|implementable|last[ -_]call)$/i;

/**
 * Recognises decisions, proposals, skills, rule files and pages among documents, by where they stand and what their metadata holds, and says how
 * `gov.yaml` would describe them. Documents that say their kind themselves are left out. Pure; the order of the inputs does not matter.
 *
 * @example Recognise decision records
 * ```ts
 * import assert from "node:assert/strict";
 * import { detectKinds } from "@gov/schema";
 *
 * const bytes = new TextEncoder().encode("---\nstatus: Accepted\n---\n# Use a log\n");
 * const [adr] = detectKinds([{ path: "docs/adr/0001-log.md", bytes }]);
 * assert.deepEqual(adr?.config.include, ["docs/adr/**" + "/*.md"]);
 * assert.deepEqual(adr?.config["statuses"], { Accepted: "approved" });
 * ```
 */
export function detectKinds(documents: readonly DocumentInput[]): readonly DetectedKind[] {
  const groups = new Map<Recognizer, { readonly folders: Set<string>; readonly paths: string[]; readonly data: (JsonObject | null)[] }>();
  for (const document of [...documents].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const found = recognize(document.path);
    if (found === null) continue;
    const data = dataOf(document, found.recognizer);
    if (data !== null && typeof data["kind"] === "string") continue;
    const group = groups.get(found.recognizer) ?? { folders: new Set<string>(), paths: [], data: [] };
    group.folders.add(found.folder);
    group.paths.push(document.path);
    group.data.push(data);
    groups.set(found.recognizer, group);
  }
  return recognizers.flatMap((recognizer) => {
    const group = groups.get(recognizer);
    return group === undefined ? [] : [describe(recognizer, group)];
  });
}

function recognize(path: string): { readonly recognizer: Recognizer; readonly folder: string } | null {
  for (const recognizer of recognizers) {
    const match = recognizer.path.exec(path);
    if (match === null) continue;
    if ((recognizer.name === "adr" || recognizer.name === "rfc") && beside.test(path)) return null;
    // Whatever a glob would read otherwise stands for one character.
    return { recognizer, folder: (match[1] ?? "").replace(/[*?[\]{}()!\\]/g, "?") };
  }
  return null;
}

function dataOf(document: DocumentInput, { frontMatter }: Recognizer): JsonObject | null {
  const parsed = parseDocument(document, { frontMatter });
  return parsed.ok && isJsonObject(parsed.value.data) ? parsed.value.data : null;
}

function describe(
  recognizer: Recognizer,
  group: { readonly folders: ReadonlySet<string>; readonly paths: readonly string[]; readonly data: readonly (JsonObject | null)[] },
): DetectedKind {
  const { name, glob, id, frontMatter, title } = recognizer;
  const words = [...new Set(group.data.flatMap((data) => (typeof data?.["status"] === "string" ? [data["status"]] : [])))].sort();
  const hasTitle = group.data.some((data) => typeof data?.[title] === "string");
  const fields: JsonObject = {
    id: { path: id ?? (hasUniqueStems(group.paths) ? "stem" : "path") },
    ...(words.length === 0 ? {} : { status: "/status" }),
    ...(hasTitle ? { title: `/${title}` } : {}),
  };
  const isMarkdown = !name.startsWith("kep");
  const config = {
    include: [...new Set([...group.folders].map(glob))].sort(),
    ...(name === "adr" || name === "rfc" ? { exclude: besideGlobs } : {}),
    ...(isMarkdown ? { front_matter: frontMatter ?? "auto" } : {}),
    fields,
    ...(words.length === 0 ? {} : { statuses: Object.fromEntries(words.map((word) => [word, meaningOf(word)])) }),
  };
  return { name, documents: group.paths.length, config };
}

function hasUniqueStems(paths: readonly string[]): boolean {
  const stems = paths.map((path) => path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]+$/, ""));
  return new Set(stems).size === stems.length;
}

function meaningOf(word: string): "approved" | "draft" | "review" {
  return approvedWords.test(word) ? "approved" : reviewWords.test(word) ? "review" : "draft";
}
