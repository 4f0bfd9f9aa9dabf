import type { Answer } from "./ask.ts";
import type { Markup } from "./markup.ts";

/** What sections may ask about. */
interface Facts {
  /** Ids of all cycles. */
  readonly cycles: readonly string[];
}

/** One part of the dashboard: the commands it asks, and how their answers are drawn. */
export interface Section {
  /** Stands in addresses. */
  readonly id: string;
  readonly title: string;
  /** What it shows, in one sentence. */
  readonly about: string;
  /** Command lines, without `gov`; each is a reading command, or one with `--dry-run`. */
  readonly questions: (facts: Facts) => readonly (readonly string[])[];
  /** Drawn above the answers, one for each question, in their order. */
  readonly picture?: ((answers: readonly Answer[]) => Markup) | undefined;
  /** Whether the answers stay folded while the picture tells enough. @default false */
  readonly folded?: boolean | undefined;
}
