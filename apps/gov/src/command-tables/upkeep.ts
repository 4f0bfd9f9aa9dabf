import type { CommandEntry } from "../command.ts";

/** What keeps a root in order: keys, what is due, plans, policies, waivers and settings. */
export const upkeepCommands: readonly CommandEntry[] = [
  {
    name: "key new",
    summary: "Make a signing key and its entry for a trust policy",
    action: "key:create",
    load: async () => (await import("../commands/key-new.ts")).keyNew,
  },
  {
    name: "key list",
    summary: "List the keys that the trust policy trusts, and how long",
    action: null,
    load: async () => (await import("../commands/key-list.ts")).keyList,
  },
  {
    name: "key trust",
    summary: "Add a public key to the trust policy",
    action: "key:trust",
    load: async () => (await import("../commands/key-trust.ts")).keyTrust,
  },
  {
    name: "key rotate",
    summary: "Replace somebody's key: the new one counts from now on",
    action: "key:rotate",
    load: async () => (await import("../commands/key-rotate.ts")).keyRotate,
  },
  {
    name: "report",
    summary: "Print the dashboard as one web page that needs nothing else",
    action: null,
    load: async () => (await import("../commands/report.ts")).report,
  },
  {
    name: "run-due",
    summary: "Do whatever is due by now, once: for cron and scheduled jobs",
    action: "due:run",
    load: async () => (await import("../commands/run-due.ts")).runDue,
  },
  {
    name: "doctor",
    summary: "Examine a root, and say what to do about what is wrong",
    action: null,
    load: async () => (await import("../commands/doctor.ts")).doctor,
  },
  {
    name: "lint",
    summary: "Lint links of pages, diagrams, dashboards, and the lines of a log",
    action: null,
    load: async () => (await import("../commands/lint.ts")).lint,
  },
  {
    name: "watch",
    summary: "Check again whenever a file changes, until it is stopped",
    action: null,
    load: async () => (await import("../commands/watch.ts")).watch,
  },
  {
    name: "plan lint",
    summary: "Lint a plan or a checklist in Markdown",
    action: null,
    load: async () => (await import("../commands/plan-lint.ts")).planLint,
  },
  {
    name: "plan risks",
    summary: "Show risks and gaps that no task of a plan answers",
    action: null,
    load: async () => (await import("../commands/plan-risks.ts")).planRisks,
  },
  {
    name: "plan phase",
    summary: "Say whether a phase may begin and end, and what is missing",
    action: null,
    load: async () => (await import("../commands/plan-phase.ts")).planPhase,
  },
  {
    name: "policy report",
    summary: "Show the compliance checklist of the rules in force",
    action: null,
    load: async () => (await import("../commands/policy-report.ts")).policyReport,
  },
  {
    name: "policy simulate",
    summary: "Say what would change under another rulebook",
    action: null,
    load: async () => (await import("../commands/policy-simulate.ts")).policySimulate,
  },
  {
    name: "waiver grant",
    summary: "Grant an exception: signed, scoped, and only until it expires",
    action: "waiver:approve",
    load: async () => (await import("../commands/waiver-grant.ts")).waiverGrant,
  },
  {
    name: "waiver revoke",
    summary: "End a waiver before it expires",
    action: "waiver:revoke",
    load: async () => (await import("../commands/waiver-revoke.ts")).waiverRevoke,
  },
  {
    name: "waiver list",
    summary: "List the waivers, with the state of each now",
    action: null,
    load: async () => (await import("../commands/waiver-list.ts")).waiverList,
  },
  {
    name: "waiver import",
    summary: "Show the entries of a .trivyignore as drafts of waivers",
    action: null,
    load: async () => (await import("../commands/waiver-import.ts")).waiverImport,
  },
  {
    name: "config",
    summary: "Show every setting in force and where it comes from",
    action: null,
    load: async () => (await import("../commands/config.ts")).config,
  },
  {
    name: "config set",
    summary: "Change the enforcement mode, one step at a time",
    action: "enforcement:set",
    load: async () => (await import("../commands/config-set.ts")).configSet,
  },
  {
    name: "completion",
    summary: "Print the completion script of a shell",
    action: null,
    load: async () => (await import("../commands/completion.ts")).completion,
  },
];
