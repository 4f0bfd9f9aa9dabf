import type { Section } from "../section.ts";
import { drawCriticalBoard } from "./critical-board.ts";
import { drawCycleSteps } from "./cycle-steps.ts";
import { drawGateMatrix } from "./gate-matrix.ts";
import { drawKpiTrends } from "./kpi-trends.ts";

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
    id: "documents",
    title: "Documents",
    about: "Every finding in the governed documents.",
    questions: () => [["check"]],
  },
  {
    id: "routing",
    title: "Routing",
    about: "Where documents belong, and where two routes disagree.",
    questions: () => [["route"]],
  },
  {
    id: "manifests",
    title: "Manifests",
    about: "What was sealed, by whom, and whether it is unchanged.",
    questions: () => [["verify"]],
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
    about: "Whether the chained log holds.",
    questions: () => [["audit", "verify"]],
  },
  {
    id: "index",
    title: "Index",
    about: "Whether artifacts_index.json is what the documents say.",
    questions: () => [["index", "--check"]],
  },
];
