import { formatUtc } from "@gov/telemetry";
import { createRedactor } from "@gov/telemetry/redact";
import { planWaiver, waiverGranted, type WaiverRequest } from "@gov/gates/waivers";
import { type Call, type Command, DeniedError, InputError, isDryRun, requiredFlag, stringFlag, UsageError } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { appendToLog } from "../root/root-log.ts";
import { environmentSigner, fileSigner, signingKeyVariable } from "../root/signing-key.ts";
import { signWaiver, waiverSigner } from "../root/waivers.ts";
import { waiverSite, writeWaiverDatabase } from "../root/waiver-site.ts";

/** Grants an exception from one rule: signed by whoever calls it, recorded in the log, and only until it expires. */
export const waiverGrant: Command = {
  usage: "<rule>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    reason: { type: "string", value: "<text>", description: "why" },
    ticket: { type: "string", value: "<id>", description: "under which ticket" },
    "requested-by": { type: "string", value: "<person>", description: "who asked for it; whoever grants it is somebody else" },
    expires: { type: "string", value: "<time>", description: "first instant it is not in force any more, such as 2026-12-31" },
    "not-before": { type: "string", value: "<time>", description: "first instant it is in force (default: now)" },
    path: { type: "string", value: "<path>", description: "only findings at this path, or below a folder as docs/**" },
    fingerprint: { type: "string", value: "<digest>", description: "only this one finding" },
    id: { type: "string", value: "<id>", description: "its id (default: the next number)" },
    key: { type: "string", value: "<file>", description: `the key to sign with (default: ${signingKeyVariable})` },
    emergency: { type: "boolean", description: "an emergency override, which has its own roles and a shorter limit" },
  },
  examples: [
    "gov waiver grant GATES_COVERAGE_LOW --path coverage.json --reason Parser --ticket T-17 --requested-by ada --expires 2026-12-31",
    "gov waiver grant CVE-2026-1234 --reason Unreachable --ticket T-18 --requested-by ada --expires 2026-12-31 --dry-run",
  ],
  async run(context, call) {
    const request = requestOf(context, call);
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const subject = { id: request.id ?? request.rule, authors: [request.requested_by] };
    const actor = await authorize(context, call, { place: governed, deed: { action: "waiver:approve", subject } });
    const key = stringFlag(call, "key");
    const signer = key === undefined ? await environmentSigner(context, directory) : await fileSigner(context, key, { directory });
    if (signer === null)
      throw new InputError("CLI_NO_KEY", "Cannot grant a waiver: it has to be signed", {
        hint: `--key or ${signingKeyVariable} names the key of whoever grants it; gov key new makes one`,
      });
    const site = await waiverSite(context, governed);
    const approver = await waiverSigner(context, signer, directory);
    if (approver.person !== actor.name)
      throw new DeniedError(`${actor.name} cannot sign as ${approver.person}, whose key it is`, "--actor says who you are");
    const plan = planWaiver(request, { approver, policy: site.policy, entries: site.entries, asOf: context.clock.now() });
    if (!plan.ok)
      return {
        data: { granted: false },
        findings: plan.findings,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: `No waiver for ${request.rule}` }],
      };
    const { waiver } = plan;
    const envelope = JSON.parse(JSON.stringify(await signWaiver(waiver, signer))) as null;
    const entry = waiverGranted({ waiver, signers: [approver] }, envelope);
    if (!isDryRun(call)) {
      await appendToLog(context, directory, {
        entries: [entry],
        subject: waiver.id,
        expectedSeq: site.log.seq,
        actor: recordedActor(actor),
      });
      await writeWaiverDatabase(context, directory, { entries: [...site.entries, entry], policy: site.policy });
    }
    const scope = [waiver.path, waiver.fingerprint].filter((part) => part !== null).join(", ") || "everywhere";
    const did = isDryRun(call) ? "would grant" : "granted";
    return {
      data: { waiver, by: approver.person, role: approver.role, granted: !isDryRun(call) },
      findings: [],
      view: [
        { type: "line", mark: "pass", text: `${approver.person} (${approver.role}) ${did} ${waiver.id}: ${waiver.rule}, ${scope}` },
        {
          type: "lines",
          lines: [`from ${waiver.not_before} until ${waiver.expires}, asked for by ${waiver.requested_by}, ${waiver.ticket}`],
        },
      ],
    };
  },
};

function requestOf(context: Context, call: Call): WaiverRequest {
  const [rule] = call.positionals;
  if (rule === undefined) throw new UsageError("Missing the rule to waive, such as GATES_COVERAGE_LOW");
  // Signed is what the log will hold: a text that is redacted only there would not be what was signed.
  const { redactText } = createRedactor();
  return {
    id: stringFlag(call, "id"),
    rule,
    path: stringFlag(call, "path") ?? null,
    fingerprint: stringFlag(call, "fingerprint") ?? null,
    reason: redactText(requiredFlag(call, "reason")).text,
    ticket: redactText(requiredFlag(call, "ticket")).text,
    requested_by: requiredFlag(call, "requested-by"),
    expires: requiredFlag(call, "expires"),
    not_before: stringFlag(call, "not-before") ?? formatUtc(context.clock.now()),
    emergency: call.flags["emergency"] === true,
  };
}
