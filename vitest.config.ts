import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "tooling/*/vitest.config.ts"],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"],
      exclude: ["**/*.gen.ts"],
      reporter: ["text-summary", "json-summary", "cobertura"],
      reportsDirectory: "node_modules/.cache/coverage",
      thresholds: { perFile: false },
    },
  },
});
