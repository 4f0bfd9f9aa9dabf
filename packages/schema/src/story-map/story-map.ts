import type { Finding } from "../finding.ts";

/** Part of a story map: what users do, the smallest whole, or what a release adds. */
export type StorySection = (typeof storySections)[number];

/** Every part of a story map, in order. */
export const storySections = ["backbone", "walking_skeleton", "release"] as const;

/** One story, to which backlog items link by id. */
export interface StoryNode {
  /** From a `[SM-001]` prefix, else a slug of the text: the same text always has the same id (B-12). */
  readonly id: string;
  readonly text: string;
  /** The epic it stands under, or null. */
  readonly epic: string | null;
  readonly section: StorySection;
  /** Name of the release, or null outside of one. */
  readonly release: string | null;
  /** 1-based line in the document. */
  readonly line: number;
}

/** A story map as read from Markdown. */
export interface StoryMap {
  /** First heading, without its `- Story Map`; null when there is none. */
  readonly title: string | null;
  readonly epics: readonly { readonly title: string; readonly line: number }[];
  readonly nodes: readonly StoryNode[];
  /** Everything that keeps the map from being linked to: no nodes, an id given twice, a text no id can be made of. */
  readonly findings: readonly Finding[];
}
