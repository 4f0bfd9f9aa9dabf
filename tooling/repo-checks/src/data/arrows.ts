/** What a package may depend on at run time. */
export interface Arrows {
  /** Packages of this workspace, by name. */
  readonly workspace: readonly string[];
  /** Packages of others; each has a decision record. */
  readonly thirdParty: readonly string[];
}

const foundations = ["@gov/schema", "@gov/atomic-io"];
const rooms = ["@gov/index-writer", "@gov/hydration", "@gov/manifest", "@gov/gates", "@gov/telemetry"];

/** Every arrow there is; the table in ARCHITECTURE.md says the same. */
export const arrows: ReadonlyMap<string, Arrows> = new Map([
  [
    "@gov/schema",
    {
      workspace: [],
      thirdParty: ["@marcbachmann/cel-js", "ajv", "ajv-formats", "fast-json-stable-stringify", "picomatch", "re2js", "yaml", "zod"],
    },
  ],
  ["@gov/atomic-io", { workspace: [], thirdParty: [] }],
  ["@gov/index-writer", { workspace: foundations, thirdParty: [] }],
  ["@gov/hydration", { workspace: ["@gov/schema"], thirdParty: [] }],
  ["@gov/manifest", { workspace: foundations, thirdParty: [] }],
  ["@gov/gates", { workspace: ["@gov/schema"], thirdParty: [] }],
  ["@gov/telemetry", { workspace: foundations, thirdParty: [] }],
  [
    "@gov/cli",
    {
      workspace: [...foundations, ...rooms],
      thirdParty: [
        "@nats-io/transport-node",
        "@opentelemetry/api",
        "@opentelemetry/exporter-metrics-otlp-http",
        "@opentelemetry/exporter-trace-otlp-http",
        "@opentelemetry/resources",
        "@opentelemetry/sdk-metrics",
        "@opentelemetry/sdk-trace-node",
        "jose",
        "pg",
      ],
    },
  ],
]);
