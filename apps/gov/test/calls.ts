import { join } from "node:path";
import { cycle, governance, places } from "./governed.ts";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);
const lockfile = join(import.meta.dirname, "../../../tooling/bench/peers/package-lock.json");

/** Calls that each command answers with 0 on a governed root, in an order in which each finds what it needs. */
export const calls: readonly (readonly [name: string, argv: readonly string[], shows: RegExp])[] = [
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
  ["cycle", ["cycle", cycle, "create_plan", "--actor", "ann"], /\[\*\] → PLANNED/],
  ["gate", ["gate", cycle], /parity_coverage PASS/],
  ["key new", ["key", "new", "$keys/ann.pem", "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml"], /mode 0600/],
  ["seal", ["seal", cycle, "--dry-run"], /Would seal 11 documents/],
  ["manifest seal", ["manifest", "seal", cycle, "--key", "$keys/ann.pem", "--actor", "ann"], /Sealed 11 documents/],
  ["manifest verify", ["manifest", "verify"], /11 documents unchanged, sealed by ann \(planning_lead\)/],
  ["verify", ["verify"], /11 documents unchanged/],
  ["digest", ["digest", cycle], /Planning Cycle Digest/],
  ["audit verify", ["audit", "verify"], /1 entry, each chained/],
  ["audit query", ["audit", "query", "--kind", "PLAN_CREATED"], /1 of \d+ entr/],
  ["audit checkpoint", ["audit", "checkpoint"], /head +sha256:/],
  ["audit prove", ["audit", "prove", "1"], /entry +1 PLAN_CREATED sha256:/],
  ["kpi", ["kpi", "c22", "--inputs", fixture("kpi-inputs.json")], /planning_velocity +1\.5 +1\.5 +points_per_day +met/],
  ["alerts", ["alerts", "--mode", "shadow"], /- alert: DriftDetected/],
  ["perf", ["perf", fixture("junit.xml")], /2500 ms +unit > slow/],
  ["key list", ["key", "list"], /ann +planning_lead +always/],
  ["key trust", ["key", "trust", "$keys/ann.pem.pub", "--person", "ann", "--role", "planning_lead"], /is trusted already/],
  ["promotion status", ["promotion", "status"], /Promotions are open/],
  ["promotion freeze", ["promotion", "freeze", "audit", "--reason", "Audit", "--until", "2030-01-01T00:00:00Z"], /Froze promotions: audit/],
  ["promotion unfreeze", ["promotion", "unfreeze", "audit"], /Lifted the freeze audit/],
  ["snapshot take", ["snapshot", "take", "--key", "$keys/ann.pem"], /Took snapshot 1 of \d+ documents/],
  ["snapshot list", ["snapshot", "list"], /snapshot +taken at/],
  ["dr rehearse", ["dr", "rehearse", "$keys/scratch"], /documents twice with one result/],
  ["playbook run", ["playbook", "run", "promotion", "--run", "rollback-1"], /Rollback rollback-1 has ended/],
  ["sbom", ["sbom", lockfile], /"spdxVersion": "SPDX-2\.3"/],
  ["key rotate", ["key", "rotate", "$keys/new.pem", "--person", "ann"], /A new key of ann/],
  ["approve", ["approve", places.storyMap, "--actor", "ann"], /ann \(maintainer, unverified\) .*approve/],
  ["run-due", ["run-due"], /snapshot: not due: the last is younger than 24 h/],
  ["plan lint", ["plan", "lint", places.checklist], /checklist\.md: 2 items, 0 findings/],
  ["plan risks", ["plan", "risks", places.checklist], /checklist\.md: 2 items, 0 findings/],
  ["policy report", ["policy", "report"], /- \[ \] SOX: compliance_sox/],
  ["waiver import", ["waiver", "import", places.ignore], /CVE-2026-1 +2026-12-31 +Not reachable/],
  ["migrate", ["migrate"], /this folder is governed already/],
  ["config", ["config"], /preset +be +gov\.yaml/],
  ["completion", ["completion", "bash"], /complete -o default -F _gov gov/],
];

/** Calls of commands that change something only with another argument than above. */
export const changingCalls: Readonly<Record<string, readonly string[]>> = {
  digest: ["digest", cycle, "--write"],
  check: ["check", "--write-baseline"],
  init: ["init"],
  "route drift": ["route", "drift", "--sync"],
  "route rollback": ["route", "rollback", "--write"],
  seal: ["seal", cycle, "--key", "$keys/ann.pem"],
};
