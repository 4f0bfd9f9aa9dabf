/** One part of `pnpm ok`: a name and the command line that must exit with 0. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** Everything a change has to pass, cheapest first where the order is free. */
export const steps: readonly Step[] = [
  { name: "types", command: ["turbo", "run", "typecheck", "--output-logs=errors-only"] },
  { name: "lint and format", command: ["pnpm", "run", "lint"] },
  { name: "tests", command: ["node", "--conditions=@gov/source", "tooling/evidence/src/test-ci.ts"] },
  { name: "repo checks", command: ["node", "tooling/repo-checks/src/main.ts"] },
  { name: "unused code", command: ["knip", "--treat-config-hints-as-errors"] },
  { name: "examples", command: ["node", "tooling/doctest/src/main.ts"] },
  { name: "build", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "own documents", command: ["node", "apps/gov/dist/bin.js", "check", "governance", "--fail-on", "warning"] },
  { name: "own seal", command: ["node", "apps/gov/dist/bin.js", "manifest", "verify", "--root", "governance"] },
  { name: "own index", command: ["node", "apps/gov/dist/bin.js", "index", "governance", "--check"] },
  { name: "own log", command: ["node", "apps/gov/dist/bin.js", "audit", "verify", "--root", "governance"] },
  { name: "quickstart", command: ["node", "tooling/quickstart/src/main.ts"] },
  { name: "packed packages", command: ["node", "tooling/pack-smoke/src/main.ts"] },
  { name: "release rehearsal", command: ["node", "tooling/pack-smoke/src/rehearse-release.ts"] },
];
