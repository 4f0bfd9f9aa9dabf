import { planApproval } from "@gov/gates";
import { type Command, InputError, isDryRun, stringFlag, UsageError } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { recordedActor } from "../root/actor.ts";
import { approvalsOf, signApproval } from "../root/approvals.ts";
import { authorize } from "../root/authorize.ts";
import { loadGoverned } from "../root/load-governed.ts";
import { rootFlags } from "../root/locate-root.ts";
import { findArtifact } from "../root/path-in-root.ts";
import { redactedFields } from "../root/redacted-fields.ts";
import { appendToLog, readLog } from "../root/root-log.ts";
import { environmentSigner } from "../root/signing-key.ts";

/** Appends an approval of exactly the bytes of a document to the log; the document, which already says approved, is never edited. */
export const approve: Command = {
  usage: "<document>",
  maxPositionals: 1,
  flags: {
    ...rootFlags,
    role: {
      type: "string",
      value: "<role>",
      description: "in which role you approve (default: the first that rbac_policy.yaml gives you)",
    },
    purpose: { type: "string", value: "<word>", description: "what the approval is for, such as retrospective (default: review)" },
  },
  examples: ["gov approve PLN-BE-2026-01-backlog", "gov approve rules/hydration_rules.mdc --role planning_lead"],
  async run(context, call) {
    const [word] = call.positionals;
    if (word === undefined) throw new UsageError("Missing the id or path of the document to approve");
    const governed = await loadGoverned(context, call);
    const { directory } = governed.root;
    const artifact = findArtifact(context, governed, word);
    if (artifact === null)
      throw new InputError("CLI_UNKNOWN_ARTIFACT", `No governed document has the path or id "${word}"`, {
        hint: "gov status lists the kinds that are governed; a document counts where documents.include in gov.yaml covers its path",
      });
    const { id, path, digest } = artifact;
    const authors = await context.git.authors(directory, path);
    const actor = await authorize(context, call, {
      place: governed,
      deed: { action: "approval:approve", subject: { id, path, authors } },
    });
    const log = await readLog(context, directory);
    const { rbac } = governed.rules.rulebook;
    const roles = rbac?.actors[actor.name];
    const role = stringFlag(call, "role") ?? roles?.[0] ?? "reviewer";
    const plan = planApproval(artifact, {
      actor: actor.name,
      role,
      // What the log would redact is refused below, and repeated nowhere.
      roles: redactedFields({ role }).length === 0 ? roles : undefined,
      purpose: stringFlag(call, "purpose"),
      authors,
      isProven: actor.proof !== null,
      approvals: await approvalsOf(context, directory, log),
    });
    const refusals = plan.ok ? (plan.isGiven ? [] : redactedFields(plan.statement)) : plan.findings;
    if (!plan.ok || refusals.length > 0)
      return {
        data: { document: path, digest, approved: false },
        findings: refusals,
        exitCode: exitCodes.findings,
        view: [{ type: "line", mark: "fail", text: `${path} is not approved` }],
      };
    const { statement, isGiven } = plan;
    const signer = actor.proof === null ? null : await environmentSigner(context, directory);
    if (!isGiven && !isDryRun(call)) {
      const envelope = signer === null ? null : { ...(await signApproval(statement, signer)) };
      const entry = { type: "APPROVAL_GIVEN", payload: { ...statement, envelope: JSON.parse(JSON.stringify(envelope)) as null } };
      await appendToLog(context, directory, { entries: [entry], subject: id, expectedSeq: log.seq, actor: recordedActor(actor) });
    }
    const who = `${actor.name} (${statement.role}${actor.proof === null ? ", unverified" : ""})`;
    const did = isGiven ? "had approved" : isDryRun(call) ? "would approve" : "approved";
    return {
      data: {
        document: path,
        digest,
        approved: !isDryRun(call),
        already: isGiven,
        by: actor.name,
        proof: actor.proof,
        role: statement.role,
      },
      findings: [],
      view: [{ type: "line", mark: "pass", text: `${who} ${did} ${path}, ${digest}` }],
    };
  },
};
