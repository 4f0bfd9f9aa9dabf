/** The shapes in which the sources write a digest. */
export const digestShapes = ["c11", "c22-short", "c22-long", "c33"] as const;

/** Name of one of them. */
export type DigestShape = (typeof digestShapes)[number];

/** A digest as it is written: texts and their lines, no judgement. */
export interface WireDigest {
  readonly shape: DigestShape;
  readonly title: string;
  /** What the digest says about itself, such as its cycle and its revision. */
  readonly metadata: readonly { readonly key: string; readonly value: string; readonly line: number }[];
  /** Key figures; a figure below another is named with a point, `dora.mttr_hours`. */
  readonly figures: readonly {
    readonly name: string;
    readonly value: string;
    readonly target: string | null;
    readonly status: string | null;
    readonly line: number;
  }[];
  readonly gates: readonly { readonly gate: string; readonly outcome: string; readonly evidence: string | null; readonly line: number }[];
  /** Every heading after the first. */
  readonly sections: readonly { readonly title: string; readonly line: number }[];
}
