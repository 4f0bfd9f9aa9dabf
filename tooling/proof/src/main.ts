import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !["packages", "apps"].some((folder) => existsSync(join(root, folder, name)))) {
  console.error("Usage: pnpm proof <package>, a folder name below packages/ or apps/");
  process.exit(2);
}

// Proofs stand in test/**/*.proof.ts and run at full length here; the seeded short form of each runs in the ordinary tests.
const vitest = join(root, "node_modules/.bin/vitest");
const { status } = spawnSync(vitest, ["run", "--project", name, "--passWithNoTests", ...rest], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, GOV_PROOF: "full" },
});
process.exit(status ?? 1);
