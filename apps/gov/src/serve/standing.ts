import type { Mark } from "../command.ts";
import type { Answer } from "./ask.ts";

/** How an answer stands: well, or not, or what it is about is not there, such as a policy that nobody has written yet. */
export type Standing = Extract<Mark, "pass" | "fail"> | "absent";

/** Codes of failures and findings that say no more than that something is not there. */
const absences: ReadonlySet<string> = new Set([
  "CLI_NO_CONTRACT",
  "CLI_NO_LOG",
  "CLI_NO_MANIFEST",
  "CLI_NO_ROUTES",
  "CLI_NO_TRUST_POLICY",
  "HYDRATION_BASELINE_MISSING",
]);

/** Judges one answer by its exit code, and by what it says is missing. */
export function standingOf(answer: Answer): Standing {
  if (!answer.ok) return absences.has(answer.failure.code) ? "absent" : "fail";
  if (answer.exitCode === 0) return "pass";
  const { data, findings } = answer.outcome;
  const isAbsent = findings.length === 0 ? data["isThere"] === false : findings.every(({ code }) => absences.has(code));
  return isAbsent ? "absent" : "fail";
}

/** Judges several: one that is not well outweighs those that are absent, and these the others. */
export function standingOfAll(answers: readonly Answer[]): Standing {
  const standings = answers.map(standingOf);
  return (["fail", "absent"] as const).find((one) => standings.includes(one)) ?? "pass";
}
