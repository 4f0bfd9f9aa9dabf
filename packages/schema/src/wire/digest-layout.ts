import type { DigestShape } from "./wire-digest.ts";

/** The parts of a digest that are read and written as entries. */
export type DigestPart = "metadata" | "metrics" | "figures" | "gates" | "verification" | "actions";

/** Where and how a shape writes its parts. */
export interface DigestLayout {
  readonly titleLevel: number;
  readonly sectionLevel: number;
  /** Headings of the parts a shape has, in its order; metadata without one stand beneath the title. */
  readonly headings: Readonly<Partial<Record<DigestPart, string>>>;
  /** Columns of the table of figures; null where they are a list. */
  readonly columns: readonly string[] | null;
  /** How a member is written. */
  readonly member: (key: string, value: string) => string;
}

const plainMember = (key: string, value: string): string => `- ${key}: ${value}`;
const strongMember = (key: string, value: string): string => `- **${key}**: ${value}`;

/** How each shape is laid out, after its source. */
export const digestLayouts: Readonly<Record<DigestShape, DigestLayout>> = {
  c11: {
    ...{ titleLevel: 2, sectionLevel: 3, columns: null, member: plainMember },
    headings: {
      metadata: "Metadata",
      figures: "KPIs",
      gates: "Gates",
      verification: "Manifest Verification",
      actions: "Improvement Actions",
    },
  },
  "c22-short": {
    ...{ titleLevel: 1, sectionLevel: 2, columns: ["Metric", "Target", "Actual", "Status"], member: strongMember },
    headings: { metrics: "Executive Metrics", figures: "KPI Summary", gates: "Gate Outcomes", actions: "Improvement Actions" },
  },
  "c22-long": {
    ...{
      titleLevel: 1,
      sectionLevel: 2,
      columns: ["KPI", "Target", "Current", "Status"],
      member: (key, value) => `**${key}**: ${value}  `,
    },
    headings: { figures: "Key Performance Indicators (KPIs)", gates: "Gate Outcomes", actions: "Improvement Actions" },
  },
  c33: {
    ...{ titleLevel: 3, sectionLevel: 3, columns: null, member: plainMember },
    headings: { gates: "Gate Outcomes", figures: "KPI Spine", actions: "Improvements Queued (IMPROVE)" },
  },
};

const patterns: readonly (readonly [DigestPart, RegExp])[] = [
  ["metadata", /^metadata$/i],
  ["metrics", /^executive metrics$/i],
  ["figures", /^(?:kpis?\b|key performance indicators)/i],
  ["gates", /^gate(?:s| outcomes)$/i],
  ["verification", /^manifest verification$/i],
  ["actions", /^improvement(?: actions|s queued)\b/i],
];

/** The part that a heading is of; null for any other heading. */
export function digestPartOf(heading: string): DigestPart | null {
  return patterns.find(([, pattern]) => pattern.test(heading))?.[0] ?? null;
}
