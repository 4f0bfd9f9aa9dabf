import type { Check, Violation } from "../check.ts";
import { familiesOf, idsIn, renderTraceability, traceabilityPath } from "../traceability/render-traceability.ts";
import { readRequirements, requirementsPath } from "../traceability/requirements.ts";
import { testTitles } from "../traceability/test-titles.ts";

/** The ids in test titles exist, each requirement has one row, and the generated report says what the tests say. */
export const traceability: Check = {
  name: "traceability",
  run: (repo) => {
    const ids = readRequirements(repo).map(({ id }) => id);
    const families = familiesOf(repo);
    const unknown = testTitles(repo).flatMap(({ path, line, title }) =>
      idsIn(title, families)
        .filter((id) => !ids.includes(id))
        .map((id): Violation => ({ path, line, message: `Test names "${id}", which ${requirementsPath} does not know` })),
    );
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    return [
      ...unknown,
      ...twice.map((id) => ({ path: requirementsPath, line: 1, message: `"${id}" has two rows` })),
      ...(ids.length === 0 ? [{ path: requirementsPath, line: 1, message: "No requirement found" }] : []),
      ...(repo.files.get(traceabilityPath) === renderTraceability(repo)
        ? []
        : [{ path: traceabilityPath, line: 1, message: "Report is stale: run `pnpm traceability` and commit it" }]),
    ];
  },
};
