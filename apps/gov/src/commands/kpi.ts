import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { evaluateKpis, type KpiInputs, kpiSets, shippedKpis } from "@gov/telemetry/kpi";
import { type Command, InputError, requiredFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";

const maxInputBytes = 1 << 20;

/** Computes the KPIs of a set from the inputs of a file; what is missing is shown as missing. */
export const kpi: Command = {
  usage: "<set>",
  maxPositionals: 1,
  flags: { inputs: { type: "string", value: "<file>", description: "JSON with the inputs by name: a number, a list of numbers, or null" } },
  examples: ["gov kpi c22 --inputs kpi-inputs.json"],
  async run(context, call) {
    const [given = ""] = call.positionals;
    const set = kpiSets.find((one) => one === given);
    if (set === undefined) throw new UsageError(`There is no set of KPIs "${given}"`, `choose from ${kpiSets.join(", ")}`);
    const path = requiredFlag(call, "inputs");
    const { value, digest } = await readJson(context, path);
    const { kpis, findings } = evaluateKpis(shippedKpis[set], { inputs: inputsOf(value, { path, digest }) });
    const rows = kpis.map(({ id, actual, target, unit, isMet }) => [
      id,
      actual === null ? "n/a" : String(actual),
      target === null ? "n/a" : String(target),
      unit,
      isMet === null ? "n/a" : isMet ? "met" : "missed",
    ]);
    return { data: { set, kpis }, findings, view: [{ type: "table", head: ["kpi", "actual", "target", "unit", "status"], rows }] };
  },
};

async function readJson(context: Context, path: string): Promise<{ readonly value: JsonObject; readonly digest: Digest }> {
  const read = await readFileBounded(resolve(context.cwd, path), { maxBytes: maxInputBytes, fs: context.fs, path });
  if (!read.ok) throw new InputError("CLI_INPUT_UNREADABLE", `Cannot read "${path}"`, { findings: read.findings });
  try {
    const value = JSON.parse(Buffer.from(read.value).toString("utf8")) as JsonValue;
    if (isJsonObject(value)) return { value, digest: digestBytes(read.value) };
  } catch {
    // Said below, as for JSON of another shape.
  }
  throw new InputError("CLI_INPUT_UNREADABLE", `"${path}" is no JSON object`, { hint: 'such as { "gates_passed": 3, "total_gates": 4 }' });
}

function inputsOf(value: JsonObject, source: { readonly path: string; readonly digest: Digest }): KpiInputs {
  return Object.fromEntries(
    Object.entries(value).map(([name, input]) => {
      const isNumbers = Array.isArray(input) && input.every((one) => typeof one === "number");
      if (input !== null && typeof input !== "number" && !isNumbers)
        throw new InputError("CLI_INPUT_UNREADABLE", `The input "${name}" of "${source.path}" is no number, list of numbers or null`);
      return [name, { value: input, source }];
    }),
  );
}
