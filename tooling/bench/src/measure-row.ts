import { interleave } from "./interleave.ts";
import type { PreparedRow, Row, RowContext } from "./row.ts";
import { seededRandom } from "./seeded-random.ts";
import { pairedRatio, type Ratio, type Spread, spread } from "./statistics.ts";

/** What was measured of one contender. */
export interface ContenderResult {
  readonly name: string;
  /** Milliseconds per operation. */
  readonly ms: Spread;
  readonly samples: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
  /** The contender's time divided by the subject's, round by round: above 1 the subject is faster. Null for the subject itself. */
  readonly ratio: Ratio | null;
}

/** What was measured in one row, or why nothing was. */
export type RowResult =
  | {
      readonly ok: true;
      readonly id: string;
      readonly title: string;
      readonly subject: string;
      readonly contenders: readonly ContenderResult[];
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly id: string; readonly title: string; readonly reason: string };

/** Prepares and measures one row; a row that cannot be measured says why. */
export async function measureRow(
  row: Row,
  context: RowContext,
  options: { readonly seed: number; readonly monotonicMs: () => number },
): Promise<RowResult> {
  const { id, title } = row;
  try {
    const prepared = await row.prepare(context);
    const contenders = await measure(prepared, options);
    return { ok: true, id, title, subject: prepared.subject, contenders, notes: prepared.notes };
  } catch (error) {
    return { ok: false, id, title, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function measure(
  prepared: PreparedRow,
  { seed, monotonicMs }: { readonly seed: number; readonly monotonicMs: () => number },
): Promise<readonly ContenderResult[]> {
  const { contenders, rounds, warmups, subject, counts } = prepared;
  const samples = await interleave(contenders, { rounds, warmups, random: seededRandom(seed), monotonicMs });
  const own = samples.get(subject);
  if (own === undefined) throw new RangeError(`Cannot compare with "${subject}": it is not among the contenders`);
  return contenders.map(({ name }) => {
    const times = samples.get(name) as readonly number[];
    const ratio = name === subject ? null : pairedRatio(times, own, { random: seededRandom(seed) });
    return { name, ms: spread(times), samples: times, counts: counts?.get(name) ?? {}, ratio };
  });
}
