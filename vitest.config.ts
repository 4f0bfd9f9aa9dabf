import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
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
