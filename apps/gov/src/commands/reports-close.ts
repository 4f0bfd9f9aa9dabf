import { compileGlobs, type Finding } from "@gov/schema";
import { type Command, InputError, isDryRun, requiredFlag, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { authorize } from "../root/authorize.ts";
import { checkRoot } from "../root/check-root.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { verticalsOf, withReports } from "../root/verification-reports.ts";

/** Closes out a vertical: checks its documents again, and only then says in findings, report, summary and master report whether it passed. */
export const reportsClose: Command = {
  usage: "<vertical>",
  maxPositionals: 1,
  flags: { ...rootFlags, rationale: { type: "string", value: "<text>", description: "why it counts as verified" } },
  examples: ["gov reports close docs --rationale complete"],
  async run(context, call) {
    const [vertical] = call.positionals;
    if (vertical === undefined) throw new UsageError("Missing the name of the vertical");
    const rationale = requiredFlag(call, "rationale");
    const governed = await loadGoverned(context, call);
    const verticals = verticalsOf(governed.root);
    const globs = Object.hasOwn(verticals, vertical) ? verticals[vertical] : undefined;
    if (globs === undefined)
      throw new InputError("CLI_VERTICAL_UNKNOWN", `There is no vertical "${vertical}": one of ${Object.keys(verticals).join(", ")}`, {
        hint: "verification.verticals of gov.yaml names them",
      });
    const verify = async (): Promise<readonly Finding[]> => {
      const within = compileGlobs({ include: globs });
      if (!within.ok) return within.findings;
      const { findings } = await checkRoot(context, call, { positional: undefined });
      // What belongs to no document concerns every vertical.
      return findings.filter(({ path }) => path === null || within.value(path));
    };
    await authorize(context, call, { place: governed, deed: { action: "reports:write", subject: { id: vertical } } });
    const at = new Date(context.clock.now()).toISOString();
    const { status, findings } = isDryRun(call)
      ? outcomeOf(await verify())
      : await withReports(context, governed.root, (reports) => reports.closeOut(vertical, { verify, rationale, at }));
    const passed = status === "PASS";
    return {
      data: { vertical, status, written: !isDryRun(call) },
      findings,
      exitCode: passed ? exitCodes.ok : exitCodes.findings,
      view: [{ type: "line", mark: passed ? "pass" : "fail", text: `${vertical}: ${isDryRun(call) ? "would be " : ""}${status}` }],
    };
  },
};

function outcomeOf(findings: readonly Finding[]): { readonly status: "PASS" | "FAIL"; readonly findings: readonly Finding[] } {
  return { status: findings.some(({ severity }) => severity === "error") ? "FAIL" : "PASS", findings };
}
