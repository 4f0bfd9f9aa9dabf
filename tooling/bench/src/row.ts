import type { Contender } from "./interleave.ts";
import type { Peers } from "./peers.ts";
import type { Random } from "./seeded-random.ts";

/** What a row may use. */
export interface RowContext {
  readonly random: Random;
  /** An empty folder on a real disk, removed afterwards. */
  readonly scratch: string;
  /** Loads a pinned peer. */
  readonly peers: Peers;
  /** Smaller inputs, for a look. */
  readonly quick: boolean;
}

/** A row ready to be measured. */
export interface PreparedRow {
  /** The contender the others are compared with. */
  readonly subject: string;
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  readonly warmups: number;
  /** What the same run counted, by contender: the same on every machine. */
  readonly counts?: ReadonlyMap<string, Readonly<Record<string, number>>> | undefined;
  /** What a reader must know to judge the numbers. */
  readonly notes: readonly string[];
}

/** One line of the benchmark: several contenders, one job. */
export interface Row {
  readonly id: string;
  readonly title: string;
  /** Makes the inputs, and shows that all contenders do the same job. @throws Error when they do not, or a peer is missing. */
  readonly prepare: (context: RowContext) => Promise<PreparedRow>;
}
