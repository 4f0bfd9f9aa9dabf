import { makeFinding } from "../internal/make-finding.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `json_schema {schema?}`: every document under judgement was validated against a schema and has no error finding (GAT-06, GAT-14).
 * With `schema`, at least one must have been validated against exactly that schema. No document at all fails: nothing was shown.
 */
export const jsonSchema: Validator = {
  type: "json_schema",
  options: ["schema"],
  needs: () => ["artifacts"],
  evaluate: (config, evidence) => {
    const schema = optionOf(config, { name: "schema", fallback: null });
    if (schema !== null && (typeof schema !== "string" || schema === ""))
      return misconfigured(config, "schema must be the name of a schema");
    const all = evidence.parts.artifacts?.value ?? [];
    const artifacts = schema === null ? all : all.filter((artifact) => artifact.schema === schema);
    if (artifacts.length === 0) {
      const what = schema === null ? "no document" : `no document validated against "${schema}"`;
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", `Cannot check schemas: there is ${what}`)]);
    }
    const unchecked = artifacts.filter((artifact) => artifact.schema === null);
    return verdictOf([
      ...unchecked.map(({ path, kind }) =>
        makeFinding("GATES_EVIDENCE_MISSING", `"${path}" of kind "${kind}" was validated against no schema`, { path }),
      ),
      ...artifacts.flatMap(({ findings }) => findings),
    ]);
  },
};
