import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const effects = "an effect belongs to a port given in options; its one Node default stands in a file named node-*.ts";

/** The one lint configuration: strict for all, and no hidden effects in the published libraries. */
export default function workspace(directory) {
  return defineConfig(
    { ignores: ["{packages,apps}/*/*.config.ts", "**/dist/**", "**/*.gen.ts", "**/*.gen.js", "**/fixtures/**", "**/node_modules/**"] },
    eslint.configs.recommended,
    ...tseslint.configs.recommendedTypeChecked,
    {
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: directory } },
      rules: {
        eqeqeq: "error",
        "no-var": "error",
        "prefer-const": "error",
        "no-restricted-syntax": [
          "error",
          { selector: "ExportDefaultDeclaration", message: "named exports only" },
          { selector: "ExportAllDeclaration", message: "a public surface is an explicit list" },
          { selector: "TSEnumDeclaration", message: "use a string union from one `as const` array" },
        ],
        "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
        "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
        "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
        "@typescript-eslint/require-await": "off",
        "@typescript-eslint/only-throw-error": "error",
      },
    },
    {
      files: ["packages/*/src/**/*.ts"],
      ignores: ["**/node-*.ts"],
      rules: {
        "no-console": "error",
        "no-restricted-globals": [
          "error",
          ...["process", "performance", "setTimeout", "setInterval", "setImmediate", "fetch"].map((name) => ({ name, message: effects })),
        ],
        "no-restricted-properties": [
          "error",
          { object: "Date", property: "now", message: effects },
          { object: "Math", property: "random", message: effects },
        ],
      },
    },
    { files: ["**/*.config.ts", "**/*.config.js", "tooling/{tsup,vitest,eslint}/**"], rules: { "no-restricted-syntax": "off" } },
    {
      files: ["**/test/**/*.ts"],
      rules: { "@typescript-eslint/no-unsafe-assignment": "off", "@typescript-eslint/no-unsafe-member-access": "off" },
    },
    { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
  );
}
