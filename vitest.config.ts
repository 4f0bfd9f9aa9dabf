import { defineConfig } from "vitest/config";

/** The least coverage of each package and the app, in percent. */
const floor = { lines: 90, branches: 80 };
const measured = [
  "apps/gov",
  ...["schema", "atomic-io", "index-writer", "hydration", "manifest", "gates", "telemetry"].map((name) => `packages/${name}`),
];

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tooling/*/vitest.config.ts"],
    coverage: {
      provider: "v8",
      include: ["**/packages/*/src/**/*.ts", "**/apps/*/src/**/*.ts"],
      exclude: ["**/*.gen.ts", "**/*.gen.js"],
      reporter: ["text-summary", "json-summary", "cobertura"],
      reportsDirectory: "node_modules/.cache/coverage",
      thresholds: Object.fromEntries(measured.map((folder) => [`**/${folder}/src/**/*.ts`, floor])),
    },
  },
});
