import { type AuditQuery, matchesQuery } from "@gov/telemetry/audit";
import { type Call, type Command, stringFlag, UsageError } from "../command.ts";
import { orRefuse } from "../or-refuse.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";
import { readLog } from "../root/root-log.ts";

/** Finds entries of the chained log; a log that does not hold answers nothing. */
export const auditQuery: Command = {
  usage: "",
  maxPositionals: 0,
  flags: {
    ...rootFlags,
    kind: { type: "string", value: "<kind>", multiple: true, description: "what happened, such as STATE_TRANSITION" },
    by: { type: "string", value: "<name>", multiple: true, description: "who did it" },
    subject: { type: "string", value: "<subject>", multiple: true, description: "what it was done to, such as a cycle" },
    correlation: { type: "string", value: "<id>", description: "of one chain of causes" },
    from: { type: "string", value: "<time>", description: "not before this time" },
    to: { type: "string", value: "<time>", description: "before this time" },
  },
  examples: ["gov audit query --kind STATE_TRANSITION", "gov audit query --by ann --from 2026-01-01T00:00:00Z --format json"],
  async run(context, call) {
    const { directory } = await openRoot(context, call);
    const log = await readLog(context, directory);
    const matches = await orRefuse(
      () => matchesQuery(queryOf(call)),
      (message) => new UsageError(message, "such as --from 2026-01-01T00:00:00Z"),
    );
    const entries = log.entries.filter(matches);
    const rows = entries.map(({ seq, time, kind, actor, subject }) => [String(seq), time, kind, actor, subject]);
    return {
      data: { entries },
      findings: [],
      view: [
        { type: "line", mark: "none", text: `${entries.length} of ${log.entries.length} entries` },
        ...(rows.length === 0 ? [] : [{ type: "table" as const, head: ["seq", "time", "kind", "actor", "subject"], rows }]),
      ],
    };
  },
};

function queryOf(call: Call): AuditQuery {
  return {
    kinds: listFlag(call, "kind"),
    actors: listFlag(call, "by"),
    subjects: listFlag(call, "subject"),
    correlationId: stringFlag(call, "correlation"),
    from: stringFlag(call, "from"),
    to: stringFlag(call, "to"),
  };
}

function listFlag(call: Call, name: string): readonly string[] | undefined {
  const value = call.flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : undefined;
}
