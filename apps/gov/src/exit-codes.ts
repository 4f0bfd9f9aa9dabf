/** What the exit code of `gov` says; the same numbers in every command, for ever. */
export const exitCodes = {
  /** Everything is fine. */
  ok: 0,
  /** At least one error finding, or a gate said FAIL. */
  findings: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The configuration or the input cannot be used. */
  input: 3,
  /** Reading, writing or locking failed. */
  io: 4,
  /** Tampering or corruption. */
  integrity: 5,
  /** The actor may not do this. */
  denied: 6,
  /** A defect of gov itself. */
  bug: 70,
  /** Interrupted (SIGINT). */
  interrupted: 130,
  /** Terminated (SIGTERM). */
  terminated: 143,
} as const;

/** One of the documented exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
