import { join } from "node:path";
import { ensureDirectory, type FileSystem, nodeFileSystem, type RandomBytes, replaceFile } from "@gov/atomic-io";
import { guardedObserver, type LockHost, type WaitTimers } from "@gov/atomic-io/lock";
import { lockWriter } from "../internal/lock-writer.ts";
import { finishIntent, type IntentPlace } from "../internal/verification/intent.ts";
import { readState } from "../internal/verification/read-state.ts";
import { mustStayInside } from "../internal/verification/report-paths.ts";
import { VerificationHolder } from "../internal/verification/verification-holder.ts";
import type { Observer } from "../observer.ts";
import type { Verification } from "./verification.ts";

/** The verticals of a project that names none. */
export const defaultVerticals: readonly string[] = ["routing", "orchestrator", "memory", "docs", "deploy-obs", "qa"];

/** Options of {@link openVerification}. */
export interface OpenVerificationOptions {
  /** Names of the verticals, which are those of their folders: lower case, digits and dashes. @default defaultVerticals */
  readonly verticals?: readonly string[] | undefined;
  /**
   * Writes a report, durably; a document writer of `@gov/atomic-io/modes` fits, and then the mode decides which way it goes. @default `replaceFile`, with the
   * directory synced
   */
  readonly writer?: { readonly write: (path: string, text: string) => Promise<unknown> } | undefined;
  /** How long to wait for another writer to close, in milliseconds. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** Hears `verification.changed` and `verification.frozen`. @default nobody */
  readonly observer?: Observer | undefined;
  /** @default nodeFileSystem */
  readonly fs?: FileSystem | undefined;
  /** @default the machine's locks */
  readonly lockHost?: LockHost | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/**
 * Opens the verification reports of a root for writing (VER-01): `VERIFICATION/<vertical>/findings.json` and `report.md`, `VERIFICATION/summary.json` and
 * `master_report.md`. One process writes at a time, one change after the other, and the four files of a change stand or fall together: a crash between them is
 * finished here.
 *
 * @throws {@link IndexError} `INDEX_LOCKED` with the writer in `details.owner`; `INDEX_CORRUPT` for a report that is not what was written, for a change
 * cut short that names any file but those of the reports, and for a symbolic link out of the root on the way to one; `INDEX_VERSION` for one of another version.
 * @throws RangeError for names of verticals that cannot be folders, or stand twice.
 */
export async function openVerification(root: string, options: OpenVerificationOptions = {}): Promise<Verification> {
  const { verticals = defaultVerticals, fs = nodeFileSystem, random, timeoutMs, lockHost: host, timers } = options;
  const { writer = { write: (path: string, text: string) => replaceFile(path, text, { fs, random }) } } = options;
  mustBeNames(verticals);
  const directory = join(root, "VERIFICATION");
  const state = join(root, ".gov", "verification");
  await mustStayInside(fs, root, [".gov/verification/intent.json", ".gov/verification/writer.lock"]);
  await ensureDirectory(state, { fs });
  const place = { lock: join(state, "writer.lock"), what: "the verification reports", path: directory };
  const lock = await lockWriter(place, { fs, timeoutMs, host, timers, random });
  try {
    const write: IntentPlace["write"] = (path, text) => writer.write(path, text);
    const intent = { fs, random, root, intent: join(state, "intent.json"), anchor: "VERIFICATION/summary.json", write };
    const recovered = await finishIntent(intent);
    const read = ["VERIFICATION/summary.json", ...verticals.map((vertical) => `VERIFICATION/${vertical}/findings.json`)];
    await mustStayInside(fs, root, read);
    return new VerificationHolder({
      place: intent,
      lock,
      observer: guardedObserver(options.observer),
      recovered,
      state: await readState(fs, directory, verticals),
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function mustBeNames(verticals: readonly string[]): void {
  const wrong = verticals.find((name, at) => !/^[a-z0-9][a-z0-9-]{0,63}$/.test(name) || verticals.indexOf(name) !== at);
  if (wrong !== undefined || verticals.length === 0)
    throw new RangeError(
      `Cannot verify ${JSON.stringify(wrong ?? "nothing")}: a vertical has a name of its own, of lower case, digits and dashes`,
    );
}
