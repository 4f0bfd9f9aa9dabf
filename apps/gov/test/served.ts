import { join } from "node:path";
import { commandTable } from "../src/command-table.ts";
import { nodeGit } from "../src/node-git.ts";
import { type Ask, createAsk } from "../src/serve/ask.ts";
import { metricsPage } from "../src/serve/collect-metrics.ts";
import { type Dashboard, openDashboard } from "../src/serve/open-dashboard.ts";
import { allSections } from "../src/serve/sections/all-sections.ts";
import { worldIn } from "./harness.ts";

/** The clock of the dashboards in tests. */
export const now = () => Date.UTC(2026, 10, 21, 9, 0, 0);

/** Asks commands in a governed root, as a page does. */
export function askIn(root: string): Ask {
  const place = { directory: root, configPath: join(root, "gov.yaml") };
  return createAsk({ ...worldIn(root), git: nodeGit }, { commands: commandTable, keepMs: 1, place });
}

/** Serves a governed root on a free port. */
export function serveRoot(root: string, identity: Parameters<typeof openDashboard>[0]["identity"] = null): Promise<Dashboard> {
  const ask = askIn(root);
  const site = {
    root: { directory: root, fs: worldIn(root).fs },
    ask,
    commands: commandTable,
    sections: allSections,
    title: "docs",
    version: "0.0.0-test",
    now,
    identity,
  };
  return openDashboard({ ...site, metrics: (format) => metricsPage(ask, format) }, { host: "127.0.0.1", port: 0 });
}
