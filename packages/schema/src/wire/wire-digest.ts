/** The shapes in which the sources write a digest. */
export const digestShapes = ["c11", "c22-short", "c22-long", "c33"] as const;

/** Name of one of them. */
export type DigestShape = (typeof digestShapes)[number];

/** A name and what is said of it; one below another is named with a point, `artifacts_hashed.tasks.yaml`. */
export interface DigestMember {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** A key figure; a figure below another is named with a point, `dora.mttr_hours`. */
export interface DigestFigure {
  readonly name: string;
  readonly value: string;
  readonly target: string | null;
  readonly status: string | null;
  /** What further columns of a table say, such as `Trend`, by their names; absent without any. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  readonly line: number;
}

/** What a gate said. */
export interface DigestGateOutcome {
  readonly gate: string;
  readonly outcome: string;
  readonly evidence: string | null;
  readonly line: number;
}

/** An improvement for the next cycle; what is not said is null (ART-16). */
export interface DigestAction {
  readonly action: string;
  readonly owner: string | null;
  readonly due: string | null;
  readonly line: number;
}

/** A heading after the first, with the Markdown beneath it up to the next one, as it stands. */
export interface DigestSection {
  readonly title: string;
  /** Level of the heading, 1 to 6. */
  readonly level: number;
  readonly text: string;
  /** The line of the heading as it stands; it is written again as long as it says the title at the level. */
  readonly heading?: string | undefined;
  readonly line: number;
}

/** A digest as it is written: texts and their lines, no judgement. Nothing of the document is left out. */
export interface WireDigest {
  readonly shape: DigestShape;
  readonly title: string;
  /** Level of the first heading. */
  readonly titleLevel: number;
  /** The line of the first heading as it stands; it is written again as long as it says the title at the level. */
  readonly titleHeading?: string | undefined;
  /** Markdown before the first heading, as it stands. */
  readonly preamble: string;
  /** Markdown between the first heading and the second, as it stands. */
  readonly lead: string;
  /** What the digest says about itself, such as its cycle and its revision. */
  readonly metadata: readonly DigestMember[];
  /** The figures at a glance of c22, such as `Tasks Completed`. */
  readonly metrics: readonly DigestMember[];
  readonly figures: readonly DigestFigure[];
  readonly gates: readonly DigestGateOutcome[];
  /** Checksums of the manifest and of what it covers. */
  readonly verification: readonly DigestMember[];
  readonly actions: readonly DigestAction[];
  /** Every heading after the first, in order. */
  readonly sections: readonly DigestSection[];
}

type Unplaced<T extends { readonly line: number }> = readonly Omit<T, "line">[];

/** A digest to be written: a {@link WireDigest} as it was read, or one made anew, without lines. */
export interface DigestContent extends Pick<WireDigest, "shape" | "title"> {
  /** @default that of the shape */
  readonly titleLevel?: number | undefined;
  readonly titleHeading?: string | undefined;
  /** @default none */
  readonly preamble?: string | undefined;
  /** What stands beneath the first heading besides the metadata. @default none */
  readonly lead?: string | undefined;
  readonly metadata: Unplaced<DigestMember>;
  readonly metrics?: Unplaced<DigestMember> | undefined;
  readonly figures: Unplaced<DigestFigure>;
  readonly gates: Unplaced<DigestGateOutcome>;
  readonly verification?: Unplaced<DigestMember> | undefined;
  readonly actions?: Unplaced<DigestAction> | undefined;
  /** Those with a place of their own in the shape are filled or added; all others are written as they are. */
  readonly sections: Unplaced<DigestSection>;
}
