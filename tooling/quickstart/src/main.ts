import { parseArgs } from "node:util";
import { openScratch, type Scratch } from "./scratch.ts";

const cycle = "PLN-BE-2026-01";
const storyMap = `frameworks/planning-be/storymaps/${cycle}-story_map.md`;
const backlog = `frameworks/planning-be/backlogs/${cycle}-be_backlog.yaml`;
const decisions = "memory-bank/decisions/index.jsonl";

/** One step: what it shows, the command a user would type, and what its result must be. */
interface Step {
  readonly title: string;
  /** Done before the command, to set the scene. */
  readonly prepare?: (scratch: Scratch) => void;
  readonly command: (scratch: Scratch) => readonly string[];
  readonly exitCode: number;
  /** Words that the output must contain. */
  readonly shows: readonly string[];
}

const steps: readonly Step[] = [
  {
    title: "Read and validate every governed document",
    command: () => ["check"],
    exitCode: 0,
    shows: ["0 errors"],
  },
  {
    title: "Route: where documents belong; no two rules disagree",
    command: () => ["route"],
    exitCode: 0,
    shows: ["no two lead one document to different places"],
  },
  {
    title: "Index every artifact, crash-safely",
    command: () => ["index"],
    exitCode: 0,
    shows: ["artifacts_index.json"],
  },
  {
    title: "Select: a newer draft of the story map appears; the approved one still counts",
    prepare: ({ copy, commit }) => {
      copy(storyMap, storyMap.replace(cycle, "PLN-BE-2026-01-next"), [
        ["version: 1.0.0", "version: 1.1.0"],
        ["status: approved", "status: draft"],
      ]);
      commit("Draft the next story map");
    },
    command: () => ["resolve", `${cycle}-story-map`],
    exitCode: 0,
    shows: [storyMap, "approved"],
  },
  {
    title: "Begin the cycle",
    command: () => ["cycle", cycle, "create_plan"],
    exitCode: 0,
    shows: ["PLANNED"],
  },
  {
    title: "Gates: evaluate what guards the next step",
    command: () => ["gate", cycle, "--event", "validate_complete"],
    exitCode: 0,
    shows: ["schema_lint PASS", "critical_zero PASS"],
  },
  {
    title: "Move on: a transition is one append to a chained log, and only when its gates pass",
    command: () => ["cycle", cycle, "validate_complete"],
    exitCode: 0,
    shows: ["READY_FOR_HANDOFF"],
  },
  {
    title: "Package: the last step before the seal, which was run dry on the way here",
    command: () => ["cycle", cycle, "package_artifacts"],
    exitCode: 0,
    shows: ["PACKAGED"],
  },
  {
    title: "Make a signing key, outside the governed root",
    command: ({ keys }) => [
      "key",
      "new",
      `${keys}/lead.pem`,
      "--person",
      "lead",
      "--role",
      "planning_lead",
      "--policy",
      "trust_policy.yaml",
    ],
    exitCode: 0,
    shows: ["mode 0600"],
  },
  {
    title: "Seal the cycle's documents in a signed manifest",
    command: ({ keys }) => ["manifest", "seal", cycle, "--key", `${keys}/lead.pem`],
    exitCode: 0,
    shows: ["Sealed"],
  },
  {
    title: "Verify: nothing has changed, and who says so",
    command: () => ["manifest", "verify"],
    exitCode: 0,
    shows: ["unchanged", "lead"],
  },
  {
    title: "Tamper: flip one bit of one byte in a sealed file",
    prepare: ({ flip }) => flip(backlog),
    command: () => ["manifest", "verify"],
    exitCode: 5,
    shows: ["does not match", backlog],
  },
  {
    title: "The log holds",
    command: () => ["audit", "verify"],
    exitCode: 0,
    shows: ["entries"],
  },
  {
    title: "Tamper: rewrite an entry of the log",
    prepare: ({ edit }) => edit(decisions, "create_plan", "update_plan"),
    command: () => ["audit", "verify"],
    exitCode: 5,
    shows: ["altered"],
  },
];

const { values } = parseArgs({
  options: {
    /** The script of an installed `gov`; by default the one that this workspace builds. */
    bin: { type: "string" },
  },
});
const scratch = openScratch(values.bin);
const started = performance.now();
let failed = 0;
console.log(`The main job of @gov, on this project's own planning documents, in a scratch copy (${scratch.root})\n`);
try {
  for (const [index, step] of steps.entries()) if (!runStep(step, index + 1)) failed += 1;
} finally {
  scratch.remove();
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${steps.length - failed} passed, ${failed} failed in ${seconds} s\n`);
if (failed === 0)
  console.log(
    [
      "Next, on a repository of your own:",
      "  pnpm gov init <folder>     writes gov.yaml and rule documents, changes nothing that is there",
      "  pnpm gov check <folder>    every finding with file:line:column",
      "  pnpm gov explain lifecycle the states of a cycle and what leads from one to the next (in a governed folder)",
      "Two configurations for repositories that are not ours: apps/gov/examples",
    ].join("\n"),
  );
process.exitCode = failed === 0 ? 0 : 1;

function runStep(step: Step, number: number): boolean {
  step.prepare?.(scratch);
  const command = step.command(scratch);
  const before = performance.now();
  const { code, output } = scratch.gov(...command);
  const milliseconds = Math.round(performance.now() - before);
  const missing = step.shows.filter((words) => !output.includes(words));
  const ok = code === step.exitCode && missing.length === 0;
  const shown = command.map((word) => word.replace(`${scratch.keys}/`, "../keys/")).join(" ");
  console.log(`${ok ? "✔" : "✘"} ${number}. ${step.title}  (${milliseconds} ms, exit code ${code})\n  $ gov ${shown}\n${indent(output)}`);
  if (!ok) console.log(`  expected exit code ${step.exitCode}${missing.map((words) => `, and the words "${words}"`).join("")}\n`);
  return ok;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}\n`)
    .join("");
}
