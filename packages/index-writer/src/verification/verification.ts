import type { Finding } from "@gov/schema";
import type { EntryLog } from "./entry-log.ts";

/** What a vertical can come to. */
export const verificationStatuses = ["PASS", "FAIL", "WAIVED", "PENDING", "SKIPPED", "ERROR"] as const;

/** One of {@link verificationStatuses}. */
export type VerificationStatus = (typeof verificationStatuses)[number];

/** Where one vertical stands. */
export interface VerticalState {
  readonly vertical: string;
  /** `PENDING` as long as nothing was reported. */
  readonly status: VerificationStatus;
  readonly rationale: string;
  /** Time of the last change, RFC 3339, or null. */
  readonly at: string | null;
  /** Number of the last change, 0 before the first. */
  readonly seq: number;
  readonly findings: readonly Finding[];
}

/** Where the verification stands. */
export interface VerificationState {
  /** `PASS` only when every vertical is; `FAIL` when one failed; `WAIVED` when all are `PASS` or `WAIVED`; otherwise `PENDING`. */
  readonly status: "PASS" | "FAIL" | "WAIVED" | "PENDING";
  /** Number of the last change, counted over all verticals without gaps. */
  readonly seq: number;
  readonly frozen: boolean;
  /** In the order of the configuration. */
  readonly verticals: readonly VerticalState[];
}

/** A report on a vertical. */
export interface VerticalReport {
  readonly status: VerificationStatus;
  /** Why; shown above all earlier ones in `report.md`. */
  readonly rationale: string;
  readonly findings: readonly Finding[];
  /** RFC 3339. */
  readonly at: string;
}

/** How a vertical is closed out. */
export interface CloseOut {
  /** Verifies the vertical again; without a finding of severity `error` it has passed. What it throws is a status `ERROR`. */
  readonly verify: () => Promise<readonly Finding[]>;
  readonly rationale: string;
  /** RFC 3339. */
  readonly at: string;
}

/** What people need once the reports are frozen. */
export interface Runbook {
  readonly commands: readonly string[];
  readonly rollbacks: readonly string[];
  readonly waivers: readonly string[];
  readonly contacts: readonly string[];
}

/** How the reports are frozen. */
export interface Freeze {
  /** The enforcement mode in force; only `hard_block` lets them be frozen. */
  readonly mode: string;
  /** Who decides. */
  readonly actor: string;
  /** RFC 3339. */
  readonly at: string;
  /** Takes one closing decision a vertical, and one for the whole; a decision that it has already is not appended again. */
  readonly log: EntryLog;
  readonly runbook: Runbook;
}

/** The verification reports of a root, open for writing by one process at a time. */
export interface Verification extends AsyncDisposable {
  /** True when a change that a crash had cut short was finished on opening. */
  readonly recovered: boolean;
  readonly state: () => VerificationState;
  /**
   * Reports on a vertical: one after the other, however many are asked for at once (IDX-14). Resolves with the number of the change once findings, report, summary
   * and master report say so and survive a power cut. One that fails while its files are written is finished before the next change, or on opening.
   *
   * @throws {@link IndexError} `INDEX_VERIFICATION_REFUSED` for a `PASS` with findings of severity `error`; `INDEX_VERIFICATION_FROZEN`; `INDEX_CLOSED`.
   * @throws RangeError for a vertical that is not configured, or a time that is none.
   */
  readonly report: (vertical: string, report: VerticalReport) => Promise<number>;
  /**
   * Closes out a vertical in the order of the rules (VER-02): verify again, write `findings.json`, put status and rationale above `report.md`, and only then say
   * `PASS` in `summary.json` and `master_report.md`. Where the verification finds errors the vertical is `FAIL`, and said to be.
   * One that finds what the reports say already, for the same rationale, writes nothing.
   */
  readonly closeOut: (vertical: string, closeOut: CloseOut) => Promise<VerticalState>;
  /** Writes `summary.json` and `master_report.md` again from the findings of all verticals (VER-03). */
  readonly refresh: () => Promise<void>;
  /**
   * Freezes the reports (VER-04) when every vertical is `PASS` and the mode is `hard_block`: appends the closing decisions, writes the runbook into `README.md` between
   * its markers, and marks the summary. Begun again after a crash it appends nothing twice.
   *
   * @throws {@link IndexError} `INDEX_VERIFICATION_REFUSED` with every reason in `details.reasons`.
   */
  readonly freeze: (freeze: Freeze) => Promise<VerificationState>;
  /** Waits for changes under way, then lets the next writer in. */
  readonly close: () => Promise<void>;
}
