import type { Section } from "../section.ts";
import { drawCriticalBoard } from "./critical-board.ts";
import { drawCycleSteps } from "./cycle-steps.ts";
import { drawGateMatrix } from "./gate-matrix.ts";
import { drawKpiTrends } from "./kpi-trends.ts";
import { drawPlacements } from "./placements.ts";

/** Every section of the dashboard, in its order. */
export const allSections: readonly Section[] = [
  {
    id: "overview",
    title: "Overview",
    about: "Artifacts, rules in force, index, log and cycles.",
    questions: () => [["status"]],
  },
  {
    id: "cycles",
    title: "Cycles",
    about: "The state of each cycle, and what leads on.",
    questions: () => [["cycle"]],
    picture: drawCycleSteps,
  },
  {
    id: "gates",
    title: "Gates",
    about: "What guards the next step of each cycle, evaluated now, with every finding.",
    questions: ({ cycles }) => cycles.map((cycle) => ["gate", cycle]),
    picture: drawGateMatrix,
  },
  {
    id: "critical",
    title: "Critical=0",
    about: "Open critical issues and violations of each cycle. Nothing is handed over while one is open.",
    questions: ({ cycles }) => cycles.map((cycle) => ["gate", cycle]),
    picture: drawCriticalBoard,
    folded: true,
  },
  {
    id: "waivers",
    title: "Waivers",
    about: "Every exception in force, who signed it, and when it ends.",
    questions: () => [["waiver", "list"]],
  },
  {
    id: "documents",
    title: "Documents",
    about: "Every finding in the governed documents.",
    questions: () => [["check"]],
  },
  {
    id: "selection",
    title: "Selection",
    about: "Which document counts for each id, by which rule, and what was passed over.",
    questions: () => [
      ["hydrate", "--dry-run"],
      ["resolve", "--explain"],
    ],
    picture: drawPlacements,
  },
  {
    id: "routing",
    title: "Routing",
    about: "Where documents belong, where routes disagree, and whether the framework's contract holds.",
    questions: () => [["route"], ["route", "check"], ["contract", "check"]],
  },
  {
    id: "drift",
    title: "Drift",
    about: "How far routing in force has moved from its baseline.",
    questions: () => [["route", "drift"]],
  },
  {
    id: "manifests",
    title: "Manifests",
    about: "What was sealed, by whom, and whether it is unchanged.",
    questions: () => [["verify"]],
  },
  {
    id: "promotions",
    title: "Promotions",
    about: "What stands where, what is frozen, and what can be gone back to.",
    questions: () => [
      ["promotion", "status"],
      ["snapshot", "list"],
    ],
  },
  {
    id: "people",
    title: "People and policy",
    about: "Whose keys are trusted, and what the rulebook has for an audit.",
    questions: () => [
      ["key", "list"],
      ["policy", "report"],
    ],
  },
  {
    id: "kpis",
    title: "Key figures",
    about: "Computed from the record, cycle by cycle; what is missing is shown as missing.",
    questions: ({ cycles }) => cycles.map((cycle) => ["digest", cycle, "--dry-run"]),
    picture: drawKpiTrends,
    folded: true,
  },
  {
    id: "log",
    title: "Audit log",
    about: "Whether the chained log holds, and who did what when.",
    questions: () => [
      ["audit", "verify"],
      ["audit", "query"],
    ],
  },
  {
    id: "index",
    title: "Index and bridge",
    about: "Whether artifacts_index.json is what the documents say, and what waits for the record.",
    questions: () => [["index", "--check"], ["bridge"]],
  },
];
