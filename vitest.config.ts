import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Vitest leaves one processor to itself, and a worker here waits for disks and processes a third of the time.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: ["packages/*", "apps/*", "tooling/*/vitest.config.ts"],
    coverage: {
      // What it must reach is judged by tooling/evidence, with the gates of this project.
      provider: "v8",
      reportOnFailure: true,
      include: ["**/packages/*/src/**/*.ts", "**/apps/*/src/**/*.ts"],
      exclude: ["**/*.gen.ts", "**/*.gen.js"],
      reporter: ["text-summary", "json-summary", ["cobertura", { file: "coverage.xml" }]],
      reportsDirectory: "node_modules/.cache/coverage",
    },
  },
});
