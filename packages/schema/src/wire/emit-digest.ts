import type { Result } from "../finding.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { markdownLines } from "../plan/markdown-lines.ts";
import { actionsOf, figuresOf, gatesOf, isThematicBreak, membersOf } from "./digest-entries.ts";
import { type DigestLayout, digestLayouts, type DigestPart, digestPartOf } from "./digest-layout.ts";
import { type EntryLine, rewriteList, rewriteTable, type StandingEntry, tableLine } from "./digest-lines.ts";
import { parseDigest, shapeOf } from "./parse-digest.ts";
import type { DigestContent, DigestSection, WireDigest } from "./wire-digest.ts";

/**
 * Writes a digest in its shape. One that was read and not changed is written with the same bytes; of a changed one, only the lines that say something
 * else are new: prose, order, further columns and line ends stay. One made anew is laid out as its source lays it out.
 *
 * @returns the text, or why there is none: it would not read back as the digest given.
 * @example Change a figure of a digest
 * ```ts
 * import assert from "node:assert/strict";
 * import { emitDigest, parseDigest } from "@gov/schema";
 *
 * const text = "### Cycle Digest (planning-fe)\n\n- Cycle Date: 2025-09-02\n\n### KPI Spine\n\n- coverage_pct: n/a (target: 80%)\n\nMeasured by CI.\n";
 * const digest = parseDigest(text);
 * assert.ok(digest.ok);
 * const figures = digest.value.figures.map((figure) => ({ ...figure, value: "82%" }));
 * const written = emitDigest({ ...digest.value, figures });
 * assert.ok(written.ok);
 * assert.equal(written.value, text.replace("n/a", "82%"));
 * ```
 */
export function emitDigest(digest: DigestContent): Result<string> {
  const layout = digestLayouts[digest.shape];
  const parts = partsOf(digest, layout);
  const eol = [digest.lead ?? "", ...digest.sections.map(({ text }) => text)].some((text) => text.includes("\r\n")) ? "\r\n" : "\n";
  const inLead = layout.headings.metadata === undefined ? parts.metadata : null;
  const lead = inLead === null ? (digest.lead ?? "") : fill("metadata", digest.lead ?? "", inLead);
  const isLaidOut = (digest.lead ?? "").trim() === "" && ((inLead?.length ?? 0) > 0 || digest.lead === undefined);
  const title = headingLine({ title: digest.title, level: digest.titleLevel ?? layout.titleLevel, heading: digest.titleHeading }, eol);
  const head = (digest.preamble ?? "") + title + (isLaidOut ? spaced(lead, eol) : lead);
  const written = new Set<DigestPart>();
  const sections = digest.sections.map((section) => {
    const { title: heading, text } = section;
    const part = digestPartOf(heading);
    const isFirst = part !== null && !written.has(part) && layout.headings[part] !== undefined;
    if (isFirst) written.add(part);
    const body = isFirst ? fillPart(part, text, parts, layout, eol) : text;
    return headingLine(section, eol) + body;
  });
  const assemble = (isWanted: (part: DigestPart) => boolean): string => {
    const added = (Object.entries(layout.headings) as (readonly [DigestPart, string])[])
      .filter(([part]) => !written.has(part) && isWanted(part))
      .map(
        ([part, heading]) => `${"#".repeat(layout.sectionLevel)} ${heading}${eol}${spaced(fillPart(part, null, parts, layout, eol), eol)}`,
      );
    return head + added.join("") + sections.join("");
  };
  const filled = assemble((part) => parts[part].length > 0);
  const isKnown = shapeOf(markdownLines(filled, 1)) === digest.shape;
  const text = isKnown ? filled : assemble((part) => parts[part].length > 0 || isNeeded(part, digest));
  const read = parseDigest(text);
  const refuse = (why: string): Result<string> => ({
    ok: false,
    findings: [makeFinding("SCHEMA_DIGEST", `Cannot write the digest as ${digest.shape}: ${why}`, { path: null })],
  });
  if (!read.ok) return refuse(read.findings.map(({ message }) => message).join(", "));
  const lost = lostParts(digest, read.value);
  return lost.length > 0 ? refuse(`${lost.join(", ")} would not read back as given`) : { ok: true, value: text, findings: [] };
}

function headingLine({ title, level, heading }: Pick<DigestSection, "title" | "level" | "heading">, eol: string): string {
  const [read] = heading === undefined ? [] : markdownLines(heading, 1);
  if (heading !== undefined && read?.level === level && read.heading === title) return heading;
  return `${"#".repeat(level)} ${title}${eol}`;
}

type Parts = Readonly<Record<DigestPart, readonly (EntryLine & { readonly cells?: Readonly<Record<string, string | null>> })[]>>;

function partsOf(digest: DigestContent, { member }: DigestLayout): Parts {
  const members = (list: DigestContent["metadata"]): readonly EntryLine[] =>
    list.map(({ key, value }) => ({ name: key, data: { key, value }, text: member(key, value), value }));
  return {
    metadata: members(digest.metadata),
    metrics: members(digest.metrics ?? []),
    verification: members(digest.verification ?? []),
    figures: digest.figures.map(({ name, value, target, status, extra }) => ({
      name,
      data: { name, value, target, status, ...(extra === undefined ? {} : { extra }) },
      ...colon(name, `${value}${target === null ? "" : ` (target: ${target})`}${status === null ? "" : ` ${status}`}`),
      cells: {
        name,
        value,
        target,
        status,
        ...Object.fromEntries(Object.entries(extra ?? {}).map(([key, cell]) => [`extra.${key}`, cell])),
      },
    })),
    gates: digest.gates.map(({ gate, outcome, evidence }) => ({
      name: gate,
      data: { gate, outcome, evidence },
      ...colon(gate, `${outcome}${evidence === null ? "" : ` (evidence: ${evidence})`}`),
    })),
    actions: (digest.actions ?? []).map(({ action, owner, due }) => ({
      name: action,
      data: { action, owner, due },
      text: `- ${action}${owner === null || due === null ? "" : ` (owner: ${owner}, due: ${due})`}`,
      value: null,
    })),
  };
}

function colon(name: string, value: string): { readonly text: string; readonly value: string } {
  return { text: `- ${name}: ${value}`, value };
}

function fillPart(part: DigestPart, standing: string | null, parts: Parts, { columns }: DigestLayout, eol: string): string {
  const text = standing ?? "";
  if (part !== "figures") return fill(part, text, parts[part]);
  const rows = parts.figures.map(({ cells = {} }) => cells);
  const table = rewriteTable(text, rows);
  if (table !== null) return table;
  if (rows.length === 0 && standing !== null) return fill(part, text, parts.figures);
  if (columns === null || figuresOf(entryLines(text)).length > 0) return fill(part, text, parts.figures);
  const extra = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key.startsWith("extra.")).map((key) => key.slice(6));
  const header = [...columns, ...extra];
  const made = [tableLine(header), tableLine(header.map(() => "---")), ""].join(eol);
  return spaced(text + (rewriteTable(made, rows) ?? made), eol);
}

function fill(part: DigestPart, text: string, wanted: readonly EntryLine[]): string {
  return rewriteList(text, standingOf(part, text), wanted);
}

function standingOf(part: DigestPart, text: string): readonly StandingEntry[] {
  const lines = entryLines(text);
  switch (part) {
    case "figures":
      return figuresOf(lines).map(({ line, ...data }) => ({ name: data.name, data, line }));
    case "gates":
      return gatesOf(lines).map(({ line, ...data }) => ({ name: data.gate, data, line }));
    case "actions":
      return actionsOf(lines).map(({ line, ...data }) => ({ name: data.action, data, line }));
    default:
      return membersOf(lines).map(({ line, ...data }) => ({ name: data.key, data, line }));
  }
}

function entryLines(text: string): ReturnType<typeof markdownLines> {
  const lines = markdownLines(text, 1);
  const rule = lines.findIndex((line) => isThematicBreak(line.text));
  return rule < 0 ? lines : lines.slice(0, rule);
}

// An empty line after the heading and one before the next.
function spaced(text: string, eol: string): string {
  const inner = text.replace(/^(?:[ \t]*(?:\r\n|\r|\n))+/, "").trimEnd();
  return inner === "" ? eol : eol + inner + eol + eol;
}

// The headings by which a shape is known, for a digest that would not be known without them.
function isNeeded(part: DigestPart, { shape }: DigestContent): boolean {
  return part === "figures" || (shape === "c11" && part === "metadata") || (shape === "c22-short" && part === "metrics");
}

function lostParts(digest: DigestContent, read: WireDigest): readonly string[] {
  const comparable = (entries: readonly object[] | undefined): string =>
    JSON.stringify((entries ?? []).map(({ line: _, ...data }: { readonly line?: number }) => data));
  const names = ["metadata", "metrics", "figures", "gates", "verification", "actions"] as const;
  const lost: string[] = names.filter((name) => comparable(digest[name]) !== comparable(read[name]));
  if (digest.shape !== read.shape) lost.push("shape");
  if (digest.title !== read.title) lost.push("title");
  const titles = read.sections.map(({ title }) => title);
  return digest.sections.every(({ title }) => titles.includes(title)) ? lost : [...lost, "sections"];
}
