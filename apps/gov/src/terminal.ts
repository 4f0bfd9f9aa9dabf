/** Where output goes; results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
  /** Whether a person watches standard error. */
  readonly isWatched: boolean;
  /** Width of standard error. */
  readonly columns: number;
  /** Width of standard output where a person looks at it. @default nobody does, and no line is broken */
  readonly outColumns?: number | undefined;
}
