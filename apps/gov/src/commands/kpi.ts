import { resolve } from "node:path";
import { readFileBounded } from "@gov/index-writer";
import { isJsonObject, type JsonValue } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import { formatUtc } from "@gov/telemetry";
import { type Deployment, doraInputs, evaluateKpis, type KpiInput, type KpiInputs, kpiSets, shippedKpis } from "@gov/telemetry/kpi";
import { type Call, type Command, InputError, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { orRefuse } from "../or-refuse.ts";

const maxInputBytes = 1 << 20;

/** Computes the KPIs of a set from the inputs of a file and a list of deployments; what is missing is shown as missing. */
export const kpi: Command = {
  usage: "<set>",
  maxPositionals: 1,
  flags: {
    inputs: { type: "string", value: "<file>", description: "JSON with the inputs by name: a number, a list of numbers, or null" },
    deployments: {
      type: "string",
      value: "<file>",
      description: "JSON list of deployments with at, hasFailed, recoveredAt: the DORA measures of c11",
    },
    from: { type: "string", value: "<time>", description: "with --deployments: not before this time" },
    to: { type: "string", value: "<time>", description: "with --deployments: before this time (default: now)" },
  },
  examples: ["gov kpi c22 --inputs kpi-inputs.json", "gov kpi c11 --deployments deployments.json --from 2026-01-01T00:00:00Z"],
  async run(context, call) {
    const [given] = call.positionals;
    if (given === undefined) throw new UsageError("Missing the set of KPIs to compute", `choose from ${kpiSets.join(", ")}`);
    const set = kpiSets.find((one) => one === given);
    if (set === undefined) throw new UsageError(`There is no set of KPIs "${given}"`, `choose from ${kpiSets.join(", ")}`);
    const deployments = stringFlag(call, "deployments");
    const path = deployments === undefined ? requiredFlag(call, "inputs") : stringFlag(call, "inputs");
    const dora = deployments === undefined ? {} : await readDeployments(context, call, deployments);
    if (deployments !== undefined && !shippedKpis[set].some((one) => Object.keys(one.inputs).some((name) => Object.hasOwn(dora, name))))
      throw new UsageError(`The KPIs of "${set}" do not count deployments`, "those of c11 do");
    const inputs = path === undefined ? {} : await readInputs(context, path);
    const twice = Object.keys(inputs).find((name) => Object.hasOwn(dora, name));
    if (twice !== undefined)
      throw new InputError("CLI_INPUT_INVALID", `The input "${twice}" follows from the deployments, and "${path ?? ""}" states it too`);
    const { kpis, findings } = evaluateKpis(shippedKpis[set], { inputs: { ...inputs, ...dora } });
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

/** A value that was read, and from which bytes. */
interface Read {
  readonly value: JsonValue | undefined;
  readonly source: KpiInput["source"];
}

async function readJson(context: Context, path: string): Promise<Read> {
  const read = await readFileBounded(resolve(context.cwd, path), { maxBytes: maxInputBytes, fs: context.fs, path });
  if (!read.ok) throw new InputError("CLI_INPUT_UNREADABLE", `Cannot read "${path}"`, { findings: read.findings });
  const source = { path, digest: digestBytes(read.value) };
  try {
    return { value: JSON.parse(Buffer.from(read.value).toString("utf8")) as JsonValue, source };
  } catch {
    return { value: undefined, source };
  }
}

async function readInputs(context: Context, path: string): Promise<KpiInputs> {
  const { value, source } = await readJson(context, path);
  if (!isJsonObject(value))
    throw new InputError("CLI_INPUT_UNREADABLE", `"${path}" is no JSON object`, {
      hint: 'such as { "gates_passed": 3, "total_gates": 4 }',
    });
  return Object.fromEntries(
    Object.entries(value).map(([name, input]) => {
      const isNumbers = Array.isArray(input) && input.every((one) => typeof one === "number");
      if (input !== null && typeof input !== "number" && !isNumbers)
        throw new InputError("CLI_INPUT_UNREADABLE", `The input "${name}" of "${path}" is no number, list of numbers or null`);
      return [name, { value: input, source }];
    }),
  );
}

async function readDeployments(context: Context, call: Call, path: string): Promise<KpiInputs> {
  const from = requiredFlag(call, "from");
  const to = stringFlag(call, "to") ?? formatUtc(context.clock.now());
  const { value, source } = await readJson(context, path);
  const deployments = Array.isArray(value) ? value.map(deploymentOf) : null;
  if (deployments === null || !deployments.every((one) => one !== null))
    throw new InputError("CLI_INPUT_UNREADABLE", `"${path}" is no JSON list of deployments`, {
      hint: '[{ "at": "2026-01-15T10:00:00Z", "hasFailed": true, "recoveredAt": "2026-01-15T11:30:00Z" }]',
    });
  // Times that cannot be come from the file and from flags.
  return orRefuse(
    () => doraInputs(deployments, { from, to, source }),
    (message) => new InputError("CLI_INPUT_INVALID", message),
  );
}

function deploymentOf(value: JsonValue): Deployment | null {
  const { at, hasFailed = false, recoveredAt = null } = isJsonObject(value) ? value : {};
  if (typeof at !== "string" || typeof hasFailed !== "boolean") return null;
  return recoveredAt === null || typeof recoveredAt === "string" ? { at, hasFailed, recoveredAt } : null;
}
