import { compareFindings, isJsonObject, type Finding, type JsonValue, parseDocument } from "@gov/schema";
import { describeHardware, type HardwareProfile, type Measurement } from "@gov/telemetry/performance";
import { InputError } from "../command.ts";
import type { Context } from "../context.ts";
import { readTextFile } from "../root/read-text-file.ts";

/** What a measurement file holds. */
export interface MeasurementFile extends Measurement {
  /** 95th percentiles of earlier measurements on the same kind of machine, newest first. */
  readonly earlierP95: readonly number[];
}

const known: ReadonlySet<string> = new Set(["profile", "runsMs", "earlierP95"]);

/**
 * Reads a measurement, and refuses one that is none with every reason. The machine it was made on is never guessed: a number without its machine says nothing, so the
 * refusal describes this one, to be written down where it was this.
 */
export async function readMeasurement(context: Context, path: string): Promise<MeasurementFile> {
  const bytes = new TextEncoder().encode(await readTextFile(context, path));
  const parsed = parseDocument({ path, bytes }, { format: "json" });
  if (!parsed.ok) throw unusable(path, parsed.findings);
  const { data, locate } = parsed.value;
  const findings = parsed.findings.filter(({ severity }) => severity === "error");
  const refuse = (pointer: string, { message, ...more }: Pick<Finding, "message" | "expected" | "hint">): void => {
    const { line, column } = locate(pointer) ?? { line: null, column: null };
    findings.push({ code: "CLI_MEASUREMENT_INVALID", severity: "error", message, path, line, column, ...more });
  };
  const fields = isJsonObject(data) ? data : {};
  if (!isJsonObject(data)) refuse("", { message: "A measurement is an object", expected: '{"profile": …, "runsMs": […]}' });
  const { profile, runsMs, earlierP95 = [] } = fields;
  for (const name of Object.keys(fields))
    if (!known.has(name)) refuse(`/${name}`, { message: `There is no field "${name}" in a measurement`, expected: [...known].join(", ") });
  if (!isProfile(profile ?? null))
    refuse("/profile", {
      message: 'The field "profile" does not name the machine that was measured on',
      expected: "cpu, platform and runtime as texts, cores and memory_mb as numbers",
      hint: `this machine is ${JSON.stringify(describeHardware())}`,
    });
  const times = { expected: "a list of numbers of at least 0" };
  if (!isTimes(runsMs ?? null)) refuse("/runsMs", { message: 'The field "runsMs" holds no times in milliseconds', ...times });
  if (!isTimes(earlierP95)) refuse("/earlierP95", { message: 'The field "earlierP95" holds no times in milliseconds', ...times });
  if (findings.length > 0) throw unusable(path, findings);
  // Judged above, field by field.
  return { profile, runsMs, earlierP95 } as unknown as MeasurementFile;
}

const profileTypes: Readonly<Record<keyof HardwareProfile, "number" | "string">> = {
  cpu: "string",
  cores: "number",
  memory_mb: "number",
  platform: "string",
  runtime: "string",
};

function isProfile(value: JsonValue): boolean {
  return isJsonObject(value) && Object.entries(profileTypes).every(([name, type]) => typeof value[name] === type);
}

function isTimes(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one) && one >= 0);
}

function unusable(path: string, findings: readonly Finding[]): InputError {
  return new InputError("CLI_INPUT_INVALID", `Cannot use "${path}" as a measurement`, {
    findings: [...findings].sort(compareFindings),
    hint: '{"profile": …, "runsMs": […]}, and "earlierP95" where there were earlier ones: docs/performance-methodology.md',
  });
}
