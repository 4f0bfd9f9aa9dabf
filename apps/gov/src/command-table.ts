import type { CommandEntry } from "./command.ts";

/** Every command, in the order of the help. A new one is one line here and one file in `commands/`; CONTRIBUTING.md beside `src/` says how. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "Write gov.yaml and the rule documents of a preset",
    action: "root:init",
    load: async () => (await import("./commands/init.ts")).init,
  },
  {
    name: "check",
    summary: "Read, validate and cross-check every governed document",
    action: "baseline:write",
    changesWith: ["write-baseline"],
    load: async () => (await import("./commands/check.ts")).check,
  },
  {
    name: "status",
    summary: "Show artifacts, rulebook, index, cycles and log on one screen",
    action: null,
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "explain",
    summary: "Explain an artifact, a state, a gate, or the lifecycle",
    action: null,
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  {
    name: "serve",
    summary: "Serve the dashboard, /health, /metrics and a read-only /api",
    action: null,
    load: async () => (await import("./commands/serve.ts")).serve,
  },
  {
    name: "gate",
    summary: "Evaluate the gates of a cycle; nothing is changed or recorded",
    action: null,
    load: async () => (await import("./commands/gate.ts")).gate,
  },
  {
    name: "cycle",
    summary: "Show cycles, or move one on when its gates pass",
    action: "cycle:advance",
    load: async () => (await import("./commands/cycle.ts")).cycle,
  },
  {
    name: "approve",
    summary: "Approve exactly the bytes of a document, in the log",
    action: "approval:approve",
    load: async () => (await import("./commands/approve.ts")).approve,
  },
  {
    name: "seal",
    summary: "Seal a cycle's documents in a signed manifest, written once",
    action: "manifest:seal",
    load: async () => (await import("./commands/manifest-seal.ts")).manifestSeal,
  },
  {
    name: "verify",
    summary: "Prove sealed manifests unchanged, and by whom they were sealed",
    action: null,
    load: async () => (await import("./commands/manifest-verify.ts")).manifestVerify,
  },
  {
    name: "route",
    summary: "Say where a document belongs",
    action: null,
    load: async () => (await import("./commands/route.ts")).route,
  },
  {
    name: "route check",
    summary: "Find routes that conflict, never win or share a place",
    action: null,
    load: async () => (await import("./commands/route-check.ts")).routeCheck,
  },
  {
    name: "route drift",
    summary: "Compare today's routing with its baseline",
    action: "routing:sync",
    load: async () => (await import("./commands/route-drift.ts")).routeDrift,
  },
  {
    name: "route sync",
    summary: "Take over today's routing as the baseline, whatever it was",
    action: "routing:sync",
    load: async () => (await import("./commands/route-sync.ts")).routeSync,
  },
  {
    name: "route rollback",
    summary: "Plan the way back to sound rules; --write follows it",
    action: "routing:rollback",
    load: async () => (await import("./commands/route-rollback.ts")).routeRollback,
  },
  {
    name: "index",
    summary: "Bring artifacts_index.json up to date with the documents",
    action: "index:write",
    load: async () => (await import("./commands/index-artifacts.ts")).indexArtifacts,
  },
  {
    name: "resolve",
    summary: "Say which of several documents with one id counts, and why",
    action: null,
    load: async () => (await import("./commands/resolve.ts")).resolve,
  },
  {
    name: "hydrate",
    summary: "Select and route every document dry, without writing",
    action: null,
    load: async () => (await import("./commands/hydrate.ts")).hydrate,
  },
  {
    name: "contract check",
    summary: "Judge a framework's documents, states and gates",
    action: null,
    load: async () => (await import("./commands/contract-check.ts")).contractCheck,
  },
  {
    name: "manifest seal",
    summary: "Seal a cycle's documents in a signed manifest, written once",
    action: "manifest:seal",
    load: async () => (await import("./commands/manifest-seal.ts")).manifestSeal,
  },
  {
    name: "manifest verify",
    summary: "Prove sealed manifests unchanged, and by whom they were sealed",
    action: null,
    load: async () => (await import("./commands/manifest-verify.ts")).manifestVerify,
  },
  {
    name: "digest",
    summary: "Compute the digest of a cycle; what is missing is shown as missing",
    action: "digest:write",
    changesWith: ["write"],
    load: async () => (await import("./commands/digest.ts")).digest,
  },
  {
    name: "audit verify",
    summary: "Verify the chained log and name the first altered entry",
    action: null,
    load: async () => (await import("./commands/audit-verify.ts")).auditVerify,
  },
  {
    name: "key new",
    summary: "Make a signing key and its entry for a trust policy",
    action: "key:create",
    load: async () => (await import("./commands/key-new.ts")).keyNew,
  },
  {
    name: "key list",
    summary: "List the keys that the trust policy trusts, and how long",
    action: null,
    load: async () => (await import("./commands/key-list.ts")).keyList,
  },
  {
    name: "key trust",
    summary: "Add a public key to the trust policy",
    action: "key:trust",
    load: async () => (await import("./commands/key-trust.ts")).keyTrust,
  },
  {
    name: "key rotate",
    summary: "Replace somebody's key: the new one counts from now on",
    action: "key:rotate",
    load: async () => (await import("./commands/key-rotate.ts")).keyRotate,
  },
  {
    name: "report",
    summary: "Print the dashboard as one web page that needs nothing else",
    action: null,
    load: async () => (await import("./commands/report.ts")).report,
  },
  {
    name: "plan lint",
    summary: "Lint a plan or a checklist in Markdown",
    action: null,
    load: async () => (await import("./commands/plan-lint.ts")).planLint,
  },
  {
    name: "plan risks",
    summary: "Show risks and gaps that no task of a plan answers",
    action: null,
    load: async () => (await import("./commands/plan-risks.ts")).planRisks,
  },
  {
    name: "policy report",
    summary: "Show the compliance checklist of the rules in force",
    action: null,
    load: async () => (await import("./commands/policy-report.ts")).policyReport,
  },
  {
    name: "waiver import",
    summary: "Show the lines of a .trivyignore as drafts of waivers",
    action: null,
    load: async () => (await import("./commands/waiver-import.ts")).waiverImport,
  },
  {
    name: "completion",
    summary: "Print the completion script of a shell",
    action: null,
    load: async () => (await import("./commands/completion.ts")).completion,
  },
];

/** The commands that `gov --help` shows first, by what people are about to do. The rest stands under its nouns. */
export const everydayGroups: readonly { readonly title: string; readonly names: readonly string[] }[] = [
  { title: "Begin", names: ["init"] },
  { title: "Look", names: ["check", "status", "explain", "serve"] },
  { title: "Work", names: ["gate", "cycle", "approve"] },
  { title: "Prove", names: ["seal", "verify"] },
];
