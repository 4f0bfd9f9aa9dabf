/** One part of `pnpm ok`: a name, the command line that must exit with 0, and what must have been run before. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Steps whose output this one reads. Where one of them failed, this one counts as failed. */
  readonly after?: readonly string[];
  /** It measures time or fills the machine by itself: nothing runs beside it. */
  readonly alone?: boolean;
}

const gov = (...argv: readonly string[]): Step["command"] => ["node", "apps/gov/dist/bin.js", ...argv];

/** Everything a change has to pass, the longest first where the order is free. */
export const steps: readonly Step[] = [
  {
    name: "tests",
    command: ["node", "--conditions=@gov/source", "tooling/evidence/src/test-ci.ts"],
    alone: true,
  },
  { name: "lint", command: ["eslint", "."] },
  { name: "build", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "packed packages", command: ["node", "tooling/pack-smoke/src/main.ts"], after: ["build"] },
  { name: "types", command: ["pnpm", "run", "typecheck"] },
  { name: "examples", command: ["node", "tooling/doctest/src/main.ts"] },
  { name: "format", command: ["prettier", "--check", "--log-level", "warn", "."] },
  { name: "release rehearsal", command: ["node", "tooling/pack-smoke/src/rehearse-release.ts"], after: ["build"] },
  { name: "repo checks", command: ["node", "tooling/repo-checks/src/main.ts"] },
  { name: "unused code", command: ["knip", "--treat-config-hints-as-errors"] },
  { name: "own documents", command: gov("check", "governance", "--fail-on", "warning"), after: ["build"] },
  { name: "own seal", command: gov("manifest", "verify", "--root", "governance"), after: ["build"] },
  { name: "own index", command: gov("index", "governance", "--check"), after: ["build"] },
  { name: "own log", command: gov("audit", "verify", "--root", "governance"), after: ["build"] },
  { name: "quickstart", command: ["node", "tooling/quickstart/src/main.ts"], after: ["build"] },
];
