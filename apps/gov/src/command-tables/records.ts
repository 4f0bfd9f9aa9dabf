import type { CommandEntry } from "../command.ts";

/** What was written down: the chained log, the shared record behind the bridge, and what is measured. */
export const recordCommands: readonly CommandEntry[] = [
  {
    name: "audit verify",
    summary: "Verify the chained log and name the first altered entry",
    action: null,
    load: async () => (await import("../commands/audit-verify.ts")).auditVerify,
  },
  {
    name: "audit query",
    summary: "Find entries of the chained log by kind, person, time",
    action: null,
    load: async () => (await import("../commands/audit-query.ts")).auditQuery,
  },
  {
    name: "audit join",
    summary: "Join the ends of the chained log after a merge of branches",
    action: "audit:join",
    load: async () => (await import("../commands/audit-join.ts")).auditJoin,
  },
  {
    name: "audit repair",
    summary: "Set aside a tail of the chained log that a crash has left",
    action: "audit:repair",
    load: async () => (await import("../commands/audit-repair.ts")).auditRepair,
  },
  {
    name: "audit archive",
    summary: "Move the first entries of the chained log to an archive",
    action: "audit:archive",
    load: async () => (await import("../commands/audit-archive.ts")).auditArchive,
  },
  {
    name: "audit checkpoint",
    summary: "Name the head of the chained log, to be kept outside it",
    action: null,
    load: async () => (await import("../commands/audit-checkpoint.ts")).auditCheckpoint,
  },
  {
    name: "audit prove",
    summary: "Prove an entry, or that a checkpoint follows an earlier one",
    action: null,
    load: async () => (await import("../commands/audit-prove.ts")).auditProve,
  },
  {
    name: "bridge",
    summary: "Show what waits",
    action: null,
    load: async () => (await import("../commands/bridge.ts")).bridge,
  },
  {
    name: "bridge append",
    summary: "Accept entries into the queue of the bridge",
    action: "bridge:append",
    load: async () => (await import("../commands/bridge-append.ts")).bridgeAppend,
  },
  {
    name: "bridge drain",
    summary: "Deliver what waits to the record",
    action: "bridge:drain",
    load: async () => (await import("../commands/bridge-drain.ts")).bridgeDrain,
  },
  {
    name: "bridge redrive",
    summary: "Put dead letters back in the queue",
    action: "bridge:redrive",
    load: async () => (await import("../commands/bridge-redrive.ts")).bridgeRedrive,
  },
  {
    name: "bridge read",
    summary: "Print the entries of the record",
    action: null,
    load: async () => (await import("../commands/bridge-read.ts")).bridgeRead,
  },
  {
    name: "bridge serve",
    summary: "Take entries for the record over NATS",
    action: "bridge:serve",
    load: async () => (await import("../commands/bridge-serve.ts")).bridgeServe,
  },
  {
    name: "kpi",
    summary: "Compute the KPIs of a set from the inputs of a file",
    action: null,
    load: async () => (await import("../commands/kpi.ts")).kpi,
  },
  {
    name: "alerts",
    summary: "Print every alert as a rule file for Prometheus",
    action: null,
    load: async () => (await import("../commands/alerts.ts")).alerts,
  },
  {
    name: "perf",
    summary: "Judge durations, incidents and measurements; slowest tests",
    action: null,
    load: async () => (await import("../commands/perf.ts")).perf,
  },
];
