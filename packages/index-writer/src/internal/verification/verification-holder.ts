import { join } from "node:path";
import type { Lock } from "@gov/atomic-io/lock";
import type { Finding } from "@gov/schema";
import { IndexError } from "../../errors.ts";
import type { Observer } from "../../observer.ts";
import type { CloseOut, Freeze, Verification, VerificationState, VerticalReport, VerticalState } from "../../verification/verification.ts";
import { appendClosing } from "./closing-decisions.ts";
import { type FileSet, finishIntent, type IntentPlace, writeTogether } from "./intent.ts";
import { readReport } from "./read-report.ts";
import { overall, readState } from "./read-state.ts";
import { prependReport, renderFindings, renderMasterReport, renderSummary, withRunbook } from "./render-reports.ts";

/** What a holder of the reports starts from. */
export interface VerificationStart {
  readonly place: IntentPlace;
  readonly lock: Lock;
  readonly observer: Observer | undefined;
  readonly recovered: boolean;
  readonly state: VerificationState;
}

const summaryPath = "VERIFICATION/summary.json";
const masterPath = "VERIFICATION/master_report.md";
const timestamp = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** The one writer of the verification reports. */
export class VerificationHolder implements Verification {
  readonly recovered: boolean;
  readonly #start: VerificationStart;
  #state: VerificationState;
  #last: Promise<unknown> = Promise.resolve();
  /** A change failed while its files were written: they may be of before and after. */
  #torn = false;
  #closed: Promise<void> | undefined;

  constructor(start: VerificationStart) {
    this.#start = start;
    this.#state = start.state;
    this.recovered = start.recovered;
  }

  state(): VerificationState {
    return this.#state;
  }

  report(vertical: string, report: VerticalReport): Promise<number> {
    return this.#inTurn(async () => (await this.#report(vertical, report)).seq);
  }

  closeOut(vertical: string, { verify, rationale, at }: CloseOut): Promise<VerticalState> {
    return this.#inTurn(async () => {
      this.#mustAccept(vertical, at);
      const found = await Promise.resolve()
        .then(verify)
        .catch((error: unknown) => failedRun(error));
      const broken = found.some(({ code }) => code === "INDEX_VERIFICATION_FAILED");
      const status = broken ? "ERROR" : found.some(({ severity }) => severity === "error") ? "FAIL" : "PASS";
      const standing = this.#state.verticals.find((each) => each.vertical === vertical);
      if (standing !== undefined && saysSame(standing, { status, rationale, findings: found })) return standing;
      return this.#report(vertical, { status, rationale, findings: found, at });
    });
  }

  refresh(): Promise<void> {
    return this.#inTurn(() => this.#write(this.#summaryOf(this.#state, this.#latest())));
  }

  freeze(freeze: Freeze): Promise<VerificationState> {
    return this.#inTurn(() => this.#freeze(freeze));
  }

  close(): Promise<void> {
    this.#closed ??= this.#last.then(() => this.#start.lock.release());
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #report(vertical: string, report: VerticalReport): Promise<VerticalState> {
    const { place, observer } = this.#start;
    this.#mustAccept(vertical, report.at);
    if (report.status === "PASS" && errorsOf(report) > 0) throw refused(vertical, [manyErrors({ vertical, ...report })]);
    const seq = this.#state.seq + 1;
    const changed: VerticalState = { vertical, ...report, seq };
    const next = { ...this.#state, seq, ...overall(this.#state.verticals.map((each) => (each.vertical === vertical ? changed : each))) };
    const folder = `VERIFICATION/${vertical}`;
    const before = await readReport(place.fs, join(place.root, folder, "report.md"));
    await this.#write([
      { path: `${folder}/findings.json`, text: renderFindings(changed) },
      { path: `${folder}/report.md`, text: prependReport(before, vertical, { ...report, seq }) },
      ...this.#summaryOf(next, report.at),
    ]);
    this.#state = next;
    observer?.event("verification.changed", { vertical, status: report.status, seq });
    return changed;
  }

  async #freeze({ mode, actor, at, log, runbook }: Freeze): Promise<VerificationState> {
    const { place, observer } = this.#start;
    if (this.#state.frozen) return this.#state;
    mustBeTime(at);
    const open = this.#state.verticals
      .filter(({ status }) => status !== "PASS")
      .map(({ vertical, status }) => `"${vertical}" is ${status}`);
    // A PASS that was edited or merged into its file is none.
    const wrong = this.#state.verticals.flatMap((each) => (each.status === "PASS" && errorsOf(each) > 0 ? [manyErrors(each)] : []));
    const reasons = [...open, ...wrong, ...(mode === "hard_block" ? [] : [`the mode is "${mode}", not "hard_block"`])];
    if (reasons.length > 0) throw refused("the whole", reasons);
    const readme = await readReport(place.fs, join(place.root, "README.md"));
    await appendClosing(log, { state: this.#state, actor, at });
    const next = { ...this.#state, seq: this.#state.seq + 1, frozen: true };
    await this.#write([{ path: "README.md", text: withRunbook(readme, runbook) }, ...this.#summaryOf(next, at)]);
    this.#state = next;
    observer?.event("verification.frozen", { seq: next.seq });
    return next;
  }

  async #write(files: FileSet): Promise<void> {
    this.#torn = true;
    await writeTogether(this.#start.place, files);
    this.#torn = false;
  }

  /** Finishes a change that failed half-way, as opening does after a crash: whatever comes next must not stand on one half of it. */
  async #mend(): Promise<void> {
    if (!this.#torn) return;
    const { place } = this.#start;
    await finishIntent(place);
    const names = this.#state.verticals.map(({ vertical }) => vertical);
    this.#state = await readState(place.fs, join(place.root, "VERIFICATION"), names);
    this.#torn = false;
  }

  /** The summary last but one: it is what tells a reader that all before it has been written. */
  #summaryOf(state: VerificationState, at: string): FileSet {
    return [
      { path: summaryPath, text: renderSummary(state, at) },
      { path: masterPath, text: renderMasterReport(state, at) },
    ];
  }

  #latest(): string {
    const times = this.#state.verticals.flatMap(({ at }) => at ?? []).sort((a, b) => Date.parse(a) - Date.parse(b));
    return times.at(-1) ?? "1970-01-01T00:00:00Z";
  }

  #mustAccept(vertical: string, at: string): void {
    if (this.#state.frozen)
      throw new IndexError("INDEX_VERIFICATION_FROZEN", `Cannot report on "${vertical}": the reports are frozen`, {
        details: { vertical },
        hint: "begin a new verification in a new root, or revert the commit that froze this one",
      });
    if (!this.#state.verticals.some((each) => each.vertical === vertical))
      throw new RangeError(
        `Cannot report on "${vertical}": it is none of ${this.#state.verticals.map((each) => each.vertical).join(", ")}`,
      );
    mustBeTime(at);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) throw new IndexError("INDEX_CLOSED", "Cannot use the verification reports: they are closed");
    const run = this.#last.then(() => this.#mend()).then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}

function errorsOf({ findings }: Pick<VerticalReport, "findings">): number {
  return findings.filter(({ severity }) => severity === "error").length;
}

function manyErrors(of: Pick<VerticalState, "findings" | "vertical">): string {
  return `"${of.vertical}" has ${errorsOf(of)} findings of severity error`;
}

function mustBeTime(at: string): void {
  const day = typeof at === "string" ? at.slice(0, 10) : "";
  const isTime = timestamp.test(at) && !Number.isNaN(Date.parse(at));
  // A day beyond the end of its month is read as one of the next.
  if (!isTime || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    throw new RangeError(`Cannot report at ${JSON.stringify(at)}: a time is RFC 3339`);
}

function refused(what: string, reasons: readonly string[]): IndexError {
  return new IndexError("INDEX_VERIFICATION_REFUSED", `Cannot accept ${what === "the whole" ? what : `"${what}"`}: ${reasons.join("; ")}`, {
    details: { reasons },
    hint: "verify again once it is mended",
  });
}

function failedRun(error: unknown): readonly Finding[] {
  const message = `Verification could not be run: ${error instanceof Error ? error.message : String(error)}`;
  const place = { path: null, line: null, column: null };
  return [{ code: "INDEX_VERIFICATION_FAILED", severity: "error", message, ...place, hint: "mend what it runs on, then close out again" }];
}

/** Whether a report stands already but for its time and number: a close-out that is run again writes nothing. */
function saysSame(standing: VerticalState, next: Pick<VerticalState, "findings" | "rationale" | "status">): boolean {
  return renderFindings(standing) === renderFindings({ ...standing, ...next });
}
