import { compareFindings, type Finding, isJsonObject, severities } from "@gov/schema";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import type { CustomEvidence } from "../delivery-evidence.ts";
import { isGateConfig } from "../internal/is-gate-config.ts";
import { makeFinding } from "../internal/make-finding.ts";
import { reasonOf } from "../internal/reason-of.ts";
import { sortedUnique } from "../internal/text-order.ts";
import type { GateConfigs } from "../select-gates.ts";
import type { EvidenceReader, ReadContext } from "./collect-evidence.ts";

/** Which modules of the user's own may run: exactly these bytes under exactly these names. There is no permissive default. */
export interface CustomModulePolicy {
  readonly trusted: readonly { readonly script: string; readonly digest: Digest }[];
}

/** Reads and runs modules; the application decides how, and keeps them from what they must not reach. */
export interface CustomModules {
  /** The bytes of a module; throws when there is none. */
  readonly read: (script: string, context: ReadContext) => Promise<Uint8Array>;
  /** Runs exactly these bytes, and gives what the module found. */
  readonly run: (module: { readonly script: string; readonly bytes: Uint8Array }, context: ReadContext) => Promise<unknown>;
}

/** The modules that `custom` validators of these gates name, in order. */
export function customScripts(gates: GateConfigs): readonly string[] {
  const configs = Object.values(gates).flatMap((gate) => (isGateConfig(gate) ? gate.validators : []));
  return sortedUnique(configs.flatMap(({ type, script }) => (type === "custom" && typeof script === "string" ? [script] : [])));
}

/**
 * Makes a reader that runs modules of the user's own (GAT-08). A module runs only when the policy names it with the digest of its bytes,
 * and what runs are the bytes that were digested. It gives `{ outcome: "PASS" | "FAIL", findings }`; one that is not trusted, fails,
 * or gives anything else is an `ERROR`. Its findings become findings of this package that carry its own code as what was expected.
 */
export function customReader(
  scripts: readonly string[],
  options: { readonly policy: CustomModulePolicy; readonly modules: CustomModules },
): EvidenceReader<readonly CustomEvidence[]> {
  return async (context) => {
    const value = await Promise.all(scripts.map(async (script) => runModule(script, { ...options, context })));
    return {
      value,
      sources: value.flatMap(({ script, digest }) => (digest === null ? [] : [{ path: script, digest }])),
    };
  };
}

async function runModule(
  script: string,
  world: { readonly policy: CustomModulePolicy; readonly modules: CustomModules; readonly context: ReadContext },
): Promise<CustomEvidence> {
  const { policy, modules, context } = world;
  const refuse = (code: "GATES_CUSTOM_FAILED" | "GATES_CUSTOM_UNTRUSTED", problem: string): CustomEvidence => ({
    script,
    digest: null,
    outcome: "ERROR",
    findings: [makeFinding(code, `Module "${script}" ${problem}`, { path: script })],
  });
  const trusted = policy.trusted.filter((entry) => entry.script === script).map(({ digest }) => digest);
  if (trusted.length === 0) return refuse("GATES_CUSTOM_UNTRUSTED", "is not trusted by the policy");
  try {
    const bytes = await modules.read(script, context);
    const digest = digestBytes(bytes);
    if (!trusted.includes(digest)) return refuse("GATES_CUSTOM_UNTRUSTED", `is ${digest}, and the policy trusts ${trusted.join(", ")}`);
    const found = readResult(script, await modules.run({ script, bytes }, context));
    return found === null ? refuse("GATES_CUSTOM_FAILED", "gave no outcome with findings") : { script, digest, ...found };
  } catch (error) {
    return refuse("GATES_CUSTOM_FAILED", `failed: ${reasonOf(error)}`);
  }
}

function readResult(script: string, result: unknown): Pick<CustomEvidence, "findings" | "outcome"> | null {
  if (!isJsonObject(result)) return null;
  const { outcome, findings } = result;
  if ((outcome !== "PASS" && outcome !== "FAIL") || !Array.isArray(findings)) return null;
  const read = findings.map((finding: unknown) => readFinding(script, finding));
  return read.some((finding) => finding === null) ? null : { outcome, findings: (read as Finding[]).sort(compareFindings) };
}

function readFinding(script: string, value: unknown): Finding | null {
  if (!isJsonObject(value)) return null;
  const { code, message, severity = "error", path = null, line = null } = value;
  if (typeof code !== "string" || typeof message !== "string" || !(severities as readonly unknown[]).includes(severity)) return null;
  if ((path !== null && typeof path !== "string") || (line !== null && !(Number.isInteger(line) && (line as number) > 0))) return null;
  const finding = makeFinding("GATES_CUSTOM_FAILED", `${message} (${script})`, { path, line: line as number | null });
  return { ...finding, severity: severity as Finding["severity"], expected: code };
}
