import { join } from "node:path";
import { advance, cycle, governance, places, toDigest, toPackaged } from "./governed.ts";
import { folder, gov, write } from "./harness.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);
const lockfile = join(import.meta.dirname, "../../../tooling/bench/peers/package-lock.json");

const builtBy = ["--builder", "https://ci.example.org", "--build-type", "https://ci.example.org/npm"].concat([
  ...["--repository", "git+https://example.org/app", "--run", "7"],
]);

/** Keeps what a command prints in a file, as a shell does. */
const printTo =
  (path: string, ...argv: readonly string[]) =>
  async (root: string, keys: string): Promise<void> => {
    write(root, path, (await gov(root, ...argv.map((word) => word.replace("$keys", keys)))).out);
  };
const writeDigests = printTo(places.digests, "digests", places.backlog);
const writeAttestation = printTo(
  places.attestation,
  "attest",
  places.backlog,
  ...["--predicate", places.facts],
  ...[...["--type", "https://example.org/runs", "--key", "$keys/ann.pem"]],
);

/** A key for storage, which is none outside of tests. */
export const storageKey = `k1:${Buffer.alloc(32, 1).toString("base64")}`;

const waived = ["--path", places.coverage, "--reason", "Parser", "--ticket", "T-1", "--requested-by", "bob", "--expires", "2026-12-01"];

/** Events that come before the calls: they lead the cycle to its handoff. */
export const before = ["create_plan", "validate_complete"] as const;

/** What a call needs beside those before it. */
interface Needs {
  readonly prepare?: (root: string, keys: string) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Calls that each command answers with 0 on a governed root, in an order in which each finds what it needs. */
export const calls: readonly (readonly [name: string, argv: readonly string[], shows: RegExp, needs?: Needs])[] = [
  ["init", ["init", "--dry-run"], /9 (?:to write|kept)|to write/],
  ["check", ["check"], /0 errors/],
  ["status", ["status"], /rulebook +preset be, sha256:/],
  ["explain", ["explain", "schema_lint"], /guards PLANNED → READY_FOR_HANDOFF/],
  ["serve", ["serve", "--port", "0"], /Served http:\/\/127\.0\.0\.1:\d+\//],
  ["report", ["report", "--html"], /^<!doctype html>/],
  ["route", ["route"], /5 routes/],
  ["route check", ["route", "check"], /5 routes, 0 overrides: no two lead one document to different places/],
  ["route sync", ["route", "sync"], /Wrote routing_effective\.shadow\.json/],
  ["route drift", ["route", "drift"], /0 of 11 documents are routed otherwise, 0 new, 0 gone/],
  ["route rollback", ["route", "rollback"], /nothing to roll back/],
  ["hydrate", ["hydrate", "--dry-run"], /11 documents selected, 3 of them routed, 0 ids unresolved; nothing was written/],
  ["contract check", ["contract", "check", "--root", governance], /framework1: 5 documents, 0 violations/],
  ["index", ["index"], /11 artifacts in artifacts_index\.json \(11 put, 0 removed\)/],
  ["resolve", ["resolve", "hydration_rules"], /rules\/hydration_rules\.mdc, by the rule/],
  ["cycle", ["cycle", cycle, "package_artifacts", "--actor", "ann"], /READY_FOR_HANDOFF → PACKAGED/],
  ["gate", ["gate", cycle], /parity_coverage PASS/],
  ["key new", ["key", "new", "$keys/ann.pem", "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml"], /mode 0600/],
  ["seal", ["seal", cycle, "--dry-run"], /Would seal 11 documents/],
  ["manifest seal", ["manifest", "seal", cycle, "--key", "$keys/ann.pem"], /Sealed 11 documents/],
  ["manifest cosign", ["manifest", "cosign", places.manifest, "--key", "$keys/ann.pem"], /carries 1 signature\n$/],
  ["manifest publish", ["manifest", "publish", places.manifest], /Published hnd_\S+ as number 1, kept until 2033-/],
  ["manifest diff", ["manifest", "diff", places.manifest, places.manifest], /The two say the same/],
  ["manifest verify", ["manifest", "verify"], /11 documents unchanged, sealed by ann \(planning_lead\)/],
  ["verify", ["verify"], /11 documents unchanged/],
  ["digest", ["digest", cycle], /Planning Cycle Digest/],
  ["audit verify", ["audit", "verify"], /4 entries, each chained/],
  ["audit query", ["audit", "query", "--kind", "PLAN_CREATED"], /1 of \d+ entr/],
  ["audit join", ["audit", "join"], /Nothing to join: the log has one end/],
  ["audit repair", ["audit", "repair"], /Nothing to repair: every entry holds/],
  [
    "audit archive",
    ["audit", "archive", "--through", "1"],
    /Moved 1 entry to memory-bank\/decisions\/archive\/index-0000000001-0000000001\.jsonl/,
  ],
  ["audit checkpoint", ["audit", "checkpoint"], /head +sha256:/],
  ["audit prove", ["audit", "prove", "1"], /entry +1 PLAN_CREATED sha256:/],
  ["bridge append", ["bridge", "append", fixture("entries.jsonl")], /Accepted 2 entries, 0 were known/],
  ["bridge", ["bridge"], /waiting +2 /],
  ["bridge drain", ["bridge", "drain"], /Delivered 2 entries; 0 became dead letters, 0 still wait/],
  ["bridge read", ["bridge", "read"], /^\{"id":"report-1","payload":\{"verdict":"PASS"\},"seq":1\}\n/],
  ["bridge redrive", ["bridge", "redrive"], /No dead letter/],
  ["bridge serve", ["bridge", "serve"], /nobody has to serve it/],
  ["kpi", ["kpi", "c22", "--inputs", fixture("kpi-inputs.json")], /planning_velocity +1\.5 +1\.5 +points_per_day +met/],
  ["alerts", ["alerts", "--mode", "shadow"], /- alert: DriftDetected/],
  ["perf", ["perf", fixture("junit.xml")], /2500 ms +unit > slow/],
  ["key list", ["key", "list"], /ann +planning_lead +always/],
  ["key trust", ["key", "trust", "$keys/ann.pem.pub", "--person", "ann", "--role", "planning_lead"], /is trusted already/],
  ["promotion status", ["promotion", "status"], /Promotions are open/],
  ["promotion freeze", ["promotion", "freeze", "audit", "--reason", "Audit", "--until", "2030-01-01T00:00:00Z"], /Froze promotions: audit/],
  ["promotion unfreeze", ["promotion", "unfreeze", "audit"], /Lifted the freeze audit/],
  ["reports close", ["reports", "close", "docs", "--rationale", "all invariants hold"], /docs: PASS/],
  ["reports refresh", ["reports", "refresh"], /VERIFICATION\/summary\.json: PENDING/],
  ["reports freeze", ["reports", "freeze", "--dry-run"], /Would freeze/],
  ["promotion review", ["promotion", "review", places.manifest], /is now review, after draft/],
  ["promotion approve", ["promotion", "approve", places.manifest, "--actor", "ann"], /is now approved, after review/],
  [
    "promotion run",
    [
      "promotion",
      "run",
      places.manifest,
      ...["--to", "staging", "--into", "$keys/staging", "--run", "p-1", "--healthy"],
      "--key",
      "$keys/ann.pem",
    ],
    /stands in staging, promotions are open/,
  ],
  ["promotion withdraw", ["promotion", "withdraw", places.manifest], /is now draft, after approved/],
  ["snapshot take", ["snapshot", "take", "--key", "$keys/ann.pem"], /Took snapshot 1 of \d+ documents/],
  ["snapshot list", ["snapshot", "list"], /snapshot +taken at/],
  ["snapshot archive", ["snapshot", "archive", "$keys/documents.tar"], /Wrote \d+ documents of snapshot 1 to /],
  ["snapshot backup", ["snapshot", "backup", "$keys/backup"], /Copied \d+ objects and 1 snapshots to/],
  ["snapshot repair", ["snapshot", "repair", "$keys/backup"], /Brought back 0 of \d+ objects and 0 snapshots/],
  ["dr rehearse", ["dr", "rehearse", "$keys/scratch"], /documents twice with one result[^]*recovery time +\d+ ms, of 4 h promised/],
  ["playbook run", ["playbook", "run", "promotion", "--run", "rollback-1"], /Rollback rollback-1 has ended/],
  [
    "manifest close",
    ["manifest", "close", cycle, "--key", "$keys/ann.pem"],
    /Closed PLN-BE-2026-01 with its digest in /,
    { prepare: toDigest },
  ],
  ["snapshot rekey", ["snapshot", "rekey"], /Encrypted \d+ objects with key k1/, { env: { GOV_STORAGE_KEYS: storageKey } }],
  ["sbom", ["sbom", lockfile], /"spdxVersion": "SPDX-2\.3"/],
  ["digests", ["digests", places.backlog, "--config", "rulebook.yaml"], /"type": "artifact",\n +"sha256": "[0-9a-f]{64}"/],
  [
    "attest",
    ["attest", places.backlog, "--predicate", places.facts, "--type", "https://example.org/runs", "--key", "$keys/ann.pem"],
    /"payloadType"/,
  ],
  [
    "attest build",
    ["attest", "build", places.digests, ...builtBy, "--key", "$keys/ann.pem"],
    /"payloadType": "application\/vnd.in-toto\+json"/,
    { prepare: writeDigests },
  ],
  [
    "attest verify",
    ["attest", "verify", places.backlog, places.attestation, "--type", "https://example.org/runs"],
    /speaks of .* as it stands, signed by ann \(planning_lead\)/,
    { prepare: writeAttestation },
  ],
  ["key rotate", ["key", "rotate", "$keys/new.pem", "--person", "ann"], /A new key of ann/],
  ["approve", ["approve", places.storyMap, "--actor", "ann"], /ann \(maintainer, unverified\) .*approve/],
  ["run-due", ["run-due"], /snapshot: not due: the last is younger than 24 h/],
  ["doctor", ["doctor"], /12 things examined: 0 to mend/],
  ["lint", ["lint"], /\d+ pages and diagrams, 0 dashboards: 0 findings/],
  ["watch", ["watch"], /Checked 1 time/],
  ["plan lint", ["plan", "lint", places.checklist], /checklist\.md: 2 items, 0 findings/],
  ["plan risks", ["plan", "risks", places.checklist], /checklist\.md: 2 items, 0 findings/],
  ["policy report", ["policy", "report"], /- \[ \] SOX: compliance_sox/],
  ["policy simulate", ["policy", "simulate", "rulebook.yaml"], /The rules are the same/],
  [
    "waiver grant",
    ["waiver", "grant", "GATES_COVERAGE_LOW", ...waived, "--key", "$keys/new.pem", "--actor", "ann"],
    /ann \(planning_lead\) granted W-1: GATES_COVERAGE_LOW/,
  ],
  ["waiver list", ["waiver", "list"], /W-1 +in force +GATES_COVERAGE_LOW/],
  ["waiver revoke", ["waiver", "revoke", "W-1", "--reason", "Mended"], /revoked W-1: Mended/],
  ["plan phase", ["plan", "phase"], /Phase 0, Plan finalization: may not begin/],
  ["config set", ["config", "set", "enforcement", "shadow", "--reason", "Stable", "--runs", places.runs], /went from solo to shadow/],
  ["contract list", ["contract", "list"], /who owes whom/],
  ["trace", ["trace", cycle], /9 tasks, 0 unlinked; \d+ stories and 0 KPIs without a task/],
  ["deviation", ["deviation", cycle], /Nothing of PLN-BE-2026-01 went otherwise than planned/],
  ["waiver import", ["waiver", "import", places.ignore], /CVE-2026-1 +everywhere +2026-12-31 +Not reachable/],
  ["migrate", ["migrate"], /gov\.yaml +covers \d+ files here/],
  ["migrate formats", ["migrate", "formats"], /Every document has the newest version of its format/],
  ["config", ["config"], /preset +gov\.yaml +be/],
  ["completion", ["completion", "bash"], /complete -o default -F _gov gov/],
];

/** Calls of commands that change something only with another argument than above. */
export const changingCalls: Readonly<Record<string, readonly string[]>> = {
  digest: ["digest", cycle, "--write"],
  check: ["check", "--write-baseline"],
  init: ["init"],
  "migrate formats": ["migrate", "formats", "--write"],
  "route drift": ["route", "drift", "--sync"],
  "route rollback": ["route", "rollback", "--write"],
  gate: ["gate", cycle, "--record"],
  deviation: ["deviation", cycle, "--task", "PLN-BE-001", "--description", "Rebuilt", "--file", places.changeLog],
  "waiver grant": ["waiver", "grant", "GATES_COVERAGE_LOW", ...waived, "--key", "$keys/ann.pem", "--actor", "ann"],
  seal: ["seal", cycle, "--key", "$keys/ann.pem"],
};

/** The environment that the call of a command needs. */
export const envOf = (name: string): Readonly<Record<string, string>> => calls.find(([called]) => called === name)?.[3]?.env ?? {};

/** The call of a command, changing something if it can, with the key of a signer in place. */
export async function changingCall(root: string, name: string, keys = folder()): Promise<readonly string[]> {
  const argv = changingCalls[name] ?? calls.find(([called]) => called === name)?.[1] ?? [];
  if (!argv.includes("new"))
    await gov(root, "key", "new", join(keys, "ann.pem"), "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  if (argv.includes("--sync") || argv.includes("run-due")) await gov(root, "route", "sync");
  if (name === "cycle" || name === "audit archive") await advance(root, ...before);
  const isSealed = argv.includes(places.manifest) || name === "manifest close";
  if (isSealed || argv.includes("seal")) await advance(root, ...toPackaged);
  if (isSealed) {
    await gov(root, "manifest", "seal", cycle, "--key", join(keys, "ann.pem"));
    const steps = { approve: ["review"], run: ["review", "approve"], withdraw: ["review"] }[name.replace("promotion ", "")] ?? [];
    for (const verb of steps) await gov(root, "promotion", verb, places.manifest, "--actor", "ann");
  }
  if (name === "manifest close") await toDigest(root);
  if (name === "snapshot archive") await gov(root, "snapshot", "take", "--key", join(keys, "ann.pem"));
  const call = argv.map((word) => word.replace("$keys", keys));
  if (name === "promotion unfreeze") await gov(root, ...(calls.find(([called]) => called === "promotion freeze")?.[1] ?? []));
  // There must be a waiver to revoke.
  if (name === "waiver revoke") await gov(root, ...(changingCalls["waiver grant"] ?? []).map((word) => word.replace("$keys", keys)));
  return call;
}
