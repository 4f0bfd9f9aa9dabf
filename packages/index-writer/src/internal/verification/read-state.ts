import { join } from "node:path";
import type { FileSystem } from "@gov/atomic-io";
import { type Finding, isJsonObject, severities } from "@gov/schema";
import {
  type VerificationState,
  type VerificationStatus,
  verificationStatuses,
  type VerticalState,
} from "../../verification/verification.ts";
import { readReport } from "./read-report.ts";
import { damagedReport, newerReport } from "./report-errors.ts";

/** Reads where the verification stands from its files; what was never reported is pending. */
export async function readState(fs: FileSystem, directory: string, verticals: readonly string[]): Promise<VerificationState> {
  const summaryPath = join(directory, "summary.json");
  const summary = await readJson(fs, summaryPath);
  // Whether the reports are frozen is asked of nothing else.
  const { seq: known = 0, frozen = false } = summary === null ? {} : isJsonObject(summary) ? summary : { seq: null };
  if (typeof known !== "number" || typeof frozen !== "boolean") throw damagedReport(summaryPath);
  const states: VerticalState[] = [];
  for (const vertical of verticals) {
    const path = join(directory, vertical, "findings.json");
    states.push(verticalOf(vertical, await readJson(fs, path), path));
  }
  const seq = Math.max(known, ...states.map((state) => state.seq));
  return { ...overall(states), seq, frozen };
}

/** The status of the whole, from those of the verticals. */
export function overall(verticals: readonly VerticalState[]): Pick<VerificationState, "status" | "verticals"> {
  const all = (...statuses: readonly VerificationStatus[]): boolean => verticals.every(({ status }) => statuses.includes(status));
  const failed = verticals.some(({ status }) => status === "FAIL" || status === "ERROR");
  return { verticals, status: failed ? "FAIL" : all("PASS") ? "PASS" : all("PASS", "WAIVED") ? "WAIVED" : "PENDING" };
}

function verticalOf(vertical: string, value: unknown, path: string): VerticalState {
  if (value === null) return { vertical, status: "PENDING", rationale: "", at: null, seq: 0, findings: [] };
  const { vertical: own, status, rationale, generated_at: at, seq, findings } = isJsonObject(value) ? value : {};
  const known = verificationStatuses.find((candidate) => candidate === status);
  // One that is another's says nothing about this one.
  if (own !== vertical || known === undefined || !Array.isArray(findings) || !findings.every(isFinding)) throw damagedReport(path);
  return {
    vertical,
    status: known,
    rationale: typeof rationale === "string" ? rationale : "",
    at: typeof at === "string" ? at : null,
    seq: typeof seq === "number" ? seq : 0,
    findings,
  };
}

function isFinding(value: unknown): value is Finding {
  return isJsonObject(value) && typeof value["code"] === "string" && severities.some((severity) => severity === value["severity"]);
}

async function readJson(fs: FileSystem, path: string): Promise<unknown> {
  const text = await readReport(fs, path);
  let value: unknown;
  try {
    value = text === null ? null : JSON.parse(text);
  } catch (error) {
    throw damagedReport(path, error);
  }
  if (isJsonObject(value) && value["version"] !== undefined && value["version"] !== "1") throw newerReport(path, value["version"]);
  return value;
}
