/** What a figure must be at least, or at most. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/**
 * Which figure of a row is asked for. Contenders are named by the beginning of their name, since names of peers end in a version.
 * `times`: how many times `slow` takes what `fast` takes. `ms`: milliseconds per operation. `perSecond`: operations per second. `count`: a
 * count of the run. `beyond`: milliseconds that `contender` takes beyond `base`.
 */
export type Figure =
  | { readonly kind: "times"; readonly slow: string; readonly fast: string }
  | { readonly kind: "ms" | "perSecond"; readonly contender: string }
  | { readonly kind: "beyond"; readonly contender: string; readonly base: string }
  | { readonly kind: "count"; readonly contender: string; readonly count: string };

/** One figure that the project has promised itself. */
export interface Goal {
  readonly package: string;
  readonly asks: string;
  readonly row: string;
  readonly figure: Figure;
  readonly bound: Bound;
}

const times = (slow: string, fast: string): Figure => ({ kind: "times", slow, fast });
const ms = (contender: string): Figure => ({ kind: "ms", contender });
const beyondNode = (contender: string): Figure => ({ kind: "beyond", contender, base: "Node alone" });
const perSecond = (contender: string): Figure => ({ kind: "perSecond", contender });

const canonical = "@gov/schema canonicalJson";
const documents = "@gov/schema checkDocuments";
const replace = "@gov/atomic-io replaceFile";
const journal = "@gov/atomic-io journal";
const scan = "@gov/index-writer scanContents";
const gates = "@gov/gates evaluateGates";
const verify = "@gov/manifest verifyManifest";
const metrics = "@gov/telemetry, labels given";
const put = (records: string): string => `@gov/index-writer put, ${records} records`;

/** Every figure that the packages promise and a row measures, in the order of the packages. Figures that a proof measures stand in its output. */
export const goals: readonly Goal[] = [
  {
    package: "@gov/schema",
    asks: "canonical form of sorted input, canonicalize takes",
    row: "canonical-json-sorted",
    figure: times("canonicalize", canonical),
    bound: { atLeast: 3.5 },
  },
  {
    package: "@gov/schema",
    asks: "canonical form of unsorted input, canonicalize takes",
    row: "canonical-json-unsorted",
    figure: times("canonicalize", canonical),
    bound: { atLeast: 1.7 },
  },
  {
    package: "@gov/schema",
    asks: "documents checked, of a plain loop that does the same work",
    row: "check-documents",
    figure: times(documents, "plain loop that does the same work"),
    bound: { atMost: 1.1 },
  },
  {
    package: "@gov/schema",
    asks: "the same documents, velite takes",
    row: "check-documents",
    figure: times("velite", documents),
    bound: { atLeast: 3 },
  },
  {
    package: "@gov/schema",
    asks: "the same documents, content-collections takes",
    row: "check-documents",
    figure: times("@content-collections", documents),
    bound: { atLeast: 4 },
  },
  {
    package: "@gov/schema",
    asks: "656 proposals by one schema, Spectral takes",
    row: "check-proposals",
    figure: times("@stoplight/spectral-core", documents),
    bound: { atLeast: 20 },
  },
  {
    package: "@gov/schema",
    asks: "import of the package, beyond Node alone",
    row: "schema-import",
    figure: beyondNode("importing @gov/schema"),
    bound: { atMost: 60 },
  },
  {
    package: "@gov/atomic-io",
    asks: "one durable replace, write-file-atomic takes",
    row: "replace-file-single",
    figure: times("write-file-atomic", replace),
    bound: { atLeast: 1.6 },
  },
  {
    package: "@gov/atomic-io",
    asks: "one durable replace, of the raw synchronous sequence",
    row: "replace-file-single",
    figure: times(replace, "node:fs sync calls"),
    bound: { atMost: 1.15 },
  },
  {
    package: "@gov/atomic-io",
    asks: "sixteen files of one directory, write-file-atomic takes",
    row: "replace-file-16",
    figure: times("write-file-atomic", replace),
    bound: { atLeast: 1.9 },
  },
  {
    package: "@gov/atomic-io",
    asks: "syncs per file, sixteen in one directory",
    row: "replace-file-16",
    figure: { kind: "count", contender: replace, count: "syncs per file" },
    bound: { atMost: 1.1 },
  },
  {
    package: "@gov/atomic-io",
    asks: "1,000 contents for one path, write-file-atomic takes",
    row: "replace-file-coalesced",
    figure: times("write-file-atomic", replace),
    bound: { atLeast: 150 },
  },
  {
    package: "@gov/atomic-io",
    asks: "64 journal appends at once, 64 upserts of SQLite take",
    row: "append-journal-64",
    figure: times("SQLite, 64 upserts", journal),
    bound: { atLeast: 2.5 },
  },
  {
    package: "@gov/atomic-io",
    asks: "64 journal appends at once, one by one they take",
    row: "append-journal-64",
    figure: times(`${journal}, one by one`, journal),
    bound: { atLeast: 40 },
  },
  {
    package: "@gov/atomic-io",
    asks: "a commit under a lease, of one without",
    row: "append-journal-commit",
    figure: times(`${journal} under a lease`, journal),
    bound: { atMost: 1.03 },
  },
  {
    package: "@gov/index-writer",
    asks: "one change at 100,000 records, a whole rewrite takes",
    row: "index-change",
    figure: times("whole rewrite of 100,000", put("100,000")),
    bound: { atLeast: 500 },
  },
  {
    package: "@gov/index-writer",
    asks: "one change at 1,000,000 records, a whole rewrite takes",
    row: "index-change",
    figure: times("whole rewrite of 1,000,000", put("1,000,000")),
    bound: { atLeast: 2500 },
  },
  {
    package: "@gov/index-writer",
    asks: "one change at 1,000,000 records, of one at 10,000",
    row: "index-change",
    figure: times(put("1,000,000"), put("10,000")),
    bound: { atMost: 1.2 },
  },
  {
    package: "@gov/index-writer",
    asks: "unchanged files looked at again",
    row: "index-rescan",
    figure: perSecond(scan),
    bound: { atLeast: 400_000 },
  },
  {
    package: "@gov/index-writer",
    asks: "unchanged files looked at again, of git status",
    row: "index-rescan",
    figure: times(scan, "git status"),
    bound: { atMost: 3 },
  },
  {
    package: "@gov/index-writer",
    asks: "files hashed from the page cache, sha256sum takes",
    row: "index-hash-warm",
    figure: times("xargs sha256sum", scan),
    bound: { atLeast: 3.5 },
  },
  {
    package: "@gov/index-writer",
    asks: "files hashed from the disk, sha256sum with 8 processes takes",
    row: "index-hash-cold",
    figure: times("xargs -P 8", scan),
    bound: { atLeast: 0.9 },
  },
  {
    package: "@gov/index-writer",
    asks: "records replayed from the journal",
    row: "index-recovery",
    figure: perSecond("@gov/index-writer openIndex"),
    bound: { atLeast: 500_000 },
  },
  {
    package: "@gov/hydration",
    asks: "100,000 documents through 1,000 rules",
    row: "route-documents",
    figure: ms("@gov/hydration routeArtifact, 1,000 rules"),
    bound: { atMost: 500 },
  },
  {
    package: "@gov/hydration",
    asks: "1,000 rules, of 100",
    row: "route-documents",
    figure: times("@gov/hydration routeArtifact, 1,000 rules", "@gov/hydration routeArtifact, 100 rules"),
    bound: { atMost: 10 },
  },
  {
    package: "@gov/hydration",
    asks: "1,000 rules analysed",
    row: "analyse-routes",
    figure: ms("@gov/hydration, 1000 rules"),
    bound: { atMost: 2000 },
  },
  {
    package: "@gov/hydration",
    asks: "1,000,000 candidates of 100,000 keys selected",
    row: "select-candidates",
    figure: ms("@gov/hydration selectWinners"),
    bound: { atMost: 1000 },
  },
  {
    package: "@gov/manifest",
    asks: "5,000 files sealed with three signatures",
    row: "seal-manifest-5k",
    figure: ms("@gov/manifest planManifest"),
    bound: { atMost: 120 },
  },
  {
    package: "@gov/manifest",
    asks: "5,000 files verified",
    row: "verify-manifest-5k",
    figure: ms(verify),
    bound: { atMost: 100 },
  },
  {
    package: "@gov/manifest",
    asks: "5,000 files verified, of sha256sum",
    row: "verify-manifest-5k",
    figure: times(verify, "sha256sum"),
    bound: { atMost: 1.1 },
  },
  {
    package: "@gov/manifest",
    asks: "100,000 files verified",
    row: "verify-manifest-100k",
    figure: ms(verify),
    bound: { atMost: 1500 },
  },
  {
    package: "@gov/manifest",
    asks: "100,000 files verified, of sha256sum",
    row: "verify-manifest-100k",
    figure: times(verify, "sha256sum"),
    bound: { atMost: 1.1 },
  },
  {
    package: "@gov/manifest",
    asks: "100,000 files verified, MB of memory above bare Node",
    row: "verify-manifest-100k",
    figure: { kind: "count", contender: verify, count: "MB of memory above bare Node" },
    bound: { atMost: 150 },
  },
  {
    package: "@gov/manifest",
    asks: "5,000 files restored and verified again",
    row: "restore-5k",
    figure: ms("@gov/manifest restoreSnapshot"),
    bound: { atMost: 2000 },
  },
  {
    package: "@gov/gates",
    asks: "500,000 evaluations, of the bare evaluator",
    row: "evaluate-conditions",
    figure: times(gates, "bare evaluator"),
    bound: { atMost: 2 },
  },
  {
    package: "@gov/gates",
    asks: "one item's gates over collected evidence",
    row: "planning-gates",
    figure: ms("evaluateGates, 1000 items"),
    bound: { atMost: 100 },
  },
  {
    package: "@gov/gates",
    asks: "one item's gates with their evidence",
    row: "planning-gates",
    figure: ms("collectEvidence and evaluateGates"),
    bound: { atMost: 1000 },
  },
  {
    package: "@gov/gates",
    asks: "twelve rules over 600 documents, Spectral takes",
    row: "judge-rules",
    figure: times("@stoplight/spectral-core", gates),
    bound: { atLeast: 20 },
  },
  {
    package: "@gov/telemetry",
    asks: "entries verified from a file",
    row: "audit-verify",
    figure: perSecond("@gov/telemetry verifyAuditFile"),
    bound: { atLeast: 500_000 },
  },
  {
    package: "@gov/telemetry",
    asks: "entries verified from PostgreSQL",
    row: "audit-verify",
    figure: perSecond("@gov/telemetry verifyAuditTable"),
    bound: { atLeast: 200_000 },
  },
  {
    package: "@gov/telemetry",
    asks: "durable appends from 64 producers",
    row: "audit-append",
    figure: perSecond("@gov/telemetry openAuditJournal"),
    bound: { atLeast: 100_000 },
  },
  {
    package: "@gov/telemetry",
    asks: "p99 of an event in process, ms",
    row: "process-events",
    figure: { kind: "count", contender: "@gov/telemetry, in process", count: "p99, ms" },
    bound: { atMost: 1 },
  },
  {
    package: "@gov/telemetry",
    asks: "durable appends of 16 entries each from 64 producers, entries",
    row: "audit-append",
    figure: perSecond("@gov/telemetry openAuditJournal, 16 entries"),
    bound: { atLeast: 100_000 },
  },
  {
    package: "@gov/telemetry",
    asks: "messages end to end, durable",
    row: "process-events",
    figure: perSecond("@gov/telemetry, end to end"),
    bound: { atLeast: 1000 },
  },
  {
    package: "@gov/telemetry",
    asks: "an increment, of prom-client",
    row: "metrics-increment",
    figure: times(metrics, "prom-client"),
    bound: { atMost: 1.2 },
  },
  {
    package: "@gov/telemetry",
    asks: "log lines redacted, a list of regular expressions takes",
    row: "redact-log-lines",
    figure: times("19 regular expressions", "@gov/telemetry createRedactor"),
    bound: { atLeast: 5 },
  },
  {
    package: "@gov/cli",
    asks: "gov --version, beyond Node alone",
    row: "gov-start",
    figure: beyondNode("gov --version"),
    bound: { atMost: 80 },
  },
  {
    package: "@gov/cli",
    asks: "gov check of a small repository, beyond Node alone",
    row: "gov-start",
    figure: beyondNode("gov check, 20 documents"),
    bound: { atMost: 150 },
  },
  {
    package: "@gov/cli",
    asks: "a second check of 5,000 unchanged documents, beyond Node alone",
    row: "gov-check-unchanged",
    figure: beyondNode("gov check, unchanged"),
    bound: { atMost: 100 },
  },
];
