/** Where output goes; results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
  /** Whether a person watches standard error. */
  readonly isWatched: boolean;
  readonly columns: number;
}
