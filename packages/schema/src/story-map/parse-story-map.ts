import { type Finding } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import type { StoryMap, StoryNode, StorySection } from "./story-map.ts";

/** Where the text of a story map stands. */
export interface ParseStoryMapOptions {
  /** Line of the document at which the text begins, after any front matter. @default 1 */
  readonly startLine?: number | undefined;
  /** Path that findings name. @default null */
  readonly path?: string | null | undefined;
}

/**
 * Reads the stories of a `story_map.md` (ART-08): a first heading, `## Epic:` headings, and beneath them the backbone, the walking
 * skeleton and releases (journeys, capabilities and slices for a frontend, ART-09), whose list items are the nodes.
 * A line `1. **Plan** → 2. **Build**` is two nodes. Nested items are details of their node, and code blocks are passed over.
 *
 * @example Read the stories of a map
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseStoryMap } from "@gov/schema";
 *
 * const map = parseStoryMap("# Planning - Story Map\n\n### Release 1 Features\n- [SM-001] Gate automation\n- Digest generation\n");
 * assert.deepEqual(map.nodes.map((node) => [node.id, node.release, node.line]), [["SM-001", "1", 4], ["digest-generation", "1", 5]]);
 * ```
 */
export function parseStoryMap(body: string, options: ParseStoryMapOptions = {}): StoryMap {
  const { startLine = 1, path = null } = options;
  const epics: { readonly title: string; readonly line: number }[] = [];
  const nodes: StoryNode[] = [];
  const findings: Finding[] = [];
  let title: string | null = null;
  let part: Part | null = null;
  let fence: string | null = null;
  for (const [index, text] of body.split(/\r\n|\r|\n/).entries()) {
    const line = startLine + index;
    if (text.length > maxLineLength) {
      findings.push(
        problem(`Line is ${String(text.length)} characters long: a story map has at most ${String(maxLineLength)}`, path, line),
      );
      continue;
    }
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null;
      continue;
    }
    if (mark !== undefined) fence = mark;
    const heading = readHeading(text);
    if (heading !== null) {
      if (heading.level === 1) title ??= heading.text.replace(/\s*[-–—:]?\s*story map$/i, "") || heading.text;
      const epic = /^epic:\s*(.+)$/i.exec(heading.text)?.[1];
      if (epic !== undefined) epics.push({ title: epic, line });
      part = epic === undefined ? partOf(heading.text) : null;
      continue;
    }
    if (part === null) continue;
    for (const item of itemsOf(text)) {
      const node = nodeOf(item, part, epics.at(-1)?.title ?? null, line);
      if (node === null) findings.push(problem(`Story "${item}" has no text that an id can be made of`, path, line));
      else nodes.push(node);
    }
  }
  for (const finding of duplicates(nodes, path)) findings.push(finding);
  if (nodes.length === 0)
    findings.push(problem("Story map has no stories: expected list items under a backbone, skeleton or release heading", path, startLine));
  return { title, epics, nodes, findings };
}

// Bounds the work per line, whatever it holds.
const maxLineLength = 2_000;

interface Part {
  readonly section: StorySection;
  readonly release: string | null;
}

function readHeading(text: string): { readonly level: number; readonly text: string } | null {
  const match = /^ {0,3}(#{1,6})[ \t]+(\S.*)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { level: match[1].length, text: plain(match[2].replace(/[ \t]#+[ \t]*$/, "")) };
}

function partOf(heading: string): Part | null {
  if (/\b(?:backbone|journeys?|activities|capabilities|outcomes)\b/i.test(heading)) return { section: "backbone", release: null };
  if (/\b(?:walking skeleton|mvp)\b/i.test(heading)) return { section: "walking_skeleton", release: null };
  const release = /\b(?:release|slice|phase)s?\b[ \t]*(?:slice\b[ \t]*)?([^:(]*?)(?:[ \t]+features)?[ \t]*(?:[:(].*)?$/i.exec(heading);
  return release === null ? null : { section: "release", release: release[1] || heading };
}

function itemsOf(text: string): readonly string[] {
  const item = /^ ?(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(\S.*)$/.exec(text)?.[1];
  if (item === undefined) return [];
  const steps = item.split(/[ \t]*(?:→|->)[ \t]*(?=[0-9]{1,9}[.)][ \t])/);
  return steps.map((step) => step.replace(/^[0-9]{1,9}[.)][ \t]+/, "")).map((step) => plain(step.replace(/^\[[ xX]\][ \t]+/, "")));
}

function nodeOf(item: string, part: Part, epic: string | null, line: number): StoryNode | null {
  const labelled = /^\[([A-Za-z][A-Za-z0-9._-]{0,63})\](?!\()[ \t]*(\S.*)$/.exec(item);
  const text = labelled?.[2] ?? item;
  const id = labelled?.[1] ?? slug(text);
  return id === "" ? null : { id, text, epic, section: part.section, release: part.release, line };
}

function slug(text: string): string {
  const words =
    text
      .normalize("NFC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .join("-")
    .slice(0, 128)
    .replace(/\p{Surrogate}$/u, "");
}

function plain(text: string): string {
  return text.replaceAll(/\*\*|__|`/g, "").trim();
}

function duplicates(nodes: readonly StoryNode[], path: string | null): readonly Finding[] {
  const first = new Map<string, StoryNode>();
  return nodes.flatMap((node) => {
    const earlier = first.get(node.id);
    if (earlier === undefined) first.set(node.id, node);
    return earlier === undefined
      ? []
      : [problem(`Story id "${node.id}" is given twice: first on line ${String(earlier.line)}`, path, node.line)];
  });
}

function problem(message: string, path: string | null, line: number): Finding {
  const hint = "Begin the story with an id of its own, such as [SM-001]";
  return makeFinding("SCHEMA_STORY_MAP", message, { path, at: { line, column: 1 }, hint });
}
