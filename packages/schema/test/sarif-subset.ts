/**
 * The part of the SARIF 2.1.0 schema (OASIS, errata 01) that our logs use, closed against other keys, with what GitHub code scanning asks
 * for on top: at most 20 runs and 25,000 results in each, a category, fingerprints, and a place for every result that has one.
 */
const text = { type: "object", required: ["text"], additionalProperties: false, properties: { text: { type: "string" } } };
const level = { enum: ["none", "note", "warning", "error"] };
const position = { type: "integer", minimum: 1 };

const location = {
  type: "object",
  required: ["physicalLocation"],
  additionalProperties: false,
  properties: {
    physicalLocation: {
      type: "object",
      required: ["artifactLocation"],
      additionalProperties: false,
      properties: {
        artifactLocation: {
          type: "object",
          required: ["uri"],
          additionalProperties: false,
          properties: {
            // RFC 3986 §4.2: path-noscheme, with everything else percent-encoded.
            uri: { type: "string", pattern: "^(?:[A-Za-z0-9._~!'()*/-]|%[0-9A-F]{2})*$" },
            uriBaseId: { type: "string" },
          },
        },
        region: {
          type: "object",
          required: ["startLine"],
          additionalProperties: false,
          properties: { startLine: position, startColumn: position },
        },
      },
    },
  },
};

const result = {
  type: "object",
  required: ["message", "ruleId", "partialFingerprints"],
  additionalProperties: false,
  properties: {
    ruleId: { type: "string" },
    ruleIndex: { type: "integer", minimum: -1 },
    level,
    message: text,
    locations: { type: "array", minItems: 1, maxItems: 1000, items: location },
    partialFingerprints: {
      type: "object",
      required: ["primaryLocationLineHash"],
      properties: { primaryLocationLineHash: { type: "string", minLength: 1 } },
      additionalProperties: { type: "string" },
    },
  },
};

const rule = {
  type: "object",
  required: ["id"],
  additionalProperties: false,
  properties: {
    id: { type: "string" },
    shortDescription: text,
    fullDescription: text,
    help: text,
    helpUri: { type: "string" },
    defaultConfiguration: { type: "object", additionalProperties: false, properties: { level } },
  },
};

const run = {
  type: "object",
  required: ["tool", "results", "automationDetails"],
  additionalProperties: false,
  properties: {
    tool: {
      type: "object",
      required: ["driver"],
      additionalProperties: false,
      properties: {
        driver: {
          type: "object",
          required: ["name"],
          additionalProperties: false,
          properties: {
            name: { type: "string" },
            version: { type: "string" },
            informationUri: { type: "string" },
            rules: { type: "array", maxItems: 25000, uniqueItems: true, items: rule },
          },
        },
      },
    },
    automationDetails: {
      type: "object",
      required: ["id"],
      additionalProperties: false,
      properties: { id: { type: "string", pattern: "^[^/]+/$" } },
    },
    columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
    results: { type: "array", maxItems: 25000, items: result },
  },
};

export const sarifSubset = {
  type: "object",
  required: ["version", "runs"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    version: { const: "2.1.0" },
    runs: { type: "array", maxItems: 20, items: run },
  },
};

/** A log as the tests look into it; what a mutant takes away is optional. */
export interface SarifLog {
  readonly runs: readonly SarifRun[];
}

export interface SarifRun {
  readonly tool: { readonly driver: { name?: string; readonly rules: readonly { readonly id: string }[] } };
  readonly automationDetails: { readonly id: string };
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    level: string;
    readonly message: { text?: string };
    readonly locations: readonly {
      readonly physicalLocation: { readonly artifactLocation: { uri: string }; readonly region: { startLine: number } };
    }[];
    readonly partialFingerprints: object;
  }[];
}

export function parseLog(text: string): SarifLog {
  return JSON.parse(text) as SarifLog;
}
