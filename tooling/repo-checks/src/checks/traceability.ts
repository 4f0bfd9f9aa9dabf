import type { Check, Violation } from "../check.ts";
import { type Reasons, unshown as reasons } from "../data/unshown.ts";
import { familiesOf, idsIn, renderTraceability, shownBy, traceabilityPath } from "../traceability/render-traceability.ts";
import type { Repo } from "../repo.ts";
import { readRequirements, requirementsPath } from "../traceability/requirements.ts";
import { testTitles } from "../traceability/test-titles.ts";

const reasonsPath = "tooling/repo-checks/src/data/unshown.ts";

/** The ids in test titles exist, each requirement has one row, and a test or a reason for having none; the generated report says so. */
export const traceability: Check = { name: "traceability", run: (repo) => findUntraced(repo, reasons) };

/** The same, with other reasons. */
export function findUntraced(repo: Repo, unshown: Reasons): readonly Violation[] {
  const ids = readRequirements(repo).map(({ id }) => id);
  const families = familiesOf(repo);
  const unknown = testTitles(repo).flatMap(({ path, line, title }) =>
    idsIn(title, families)
      .filter((id) => !ids.includes(id))
      .map((id): Violation => ({ path, line, message: `Test names "${id}", which ${requirementsPath} does not know` })),
  );
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  const shown = shownBy(repo);
  const unsaid = ids.filter((id) => !shown.has(id) && !unshown.has(id));
  const both = [...unshown.keys()].filter((id) => shown.has(id) || !ids.includes(id));
  return [
    ...unknown,
    ...unsaid.map((id) => ({ path: requirementsPath, line: 1, message: `"${id}" has neither a test nor a reason in ${reasonsPath}` })),
    ...both.map((id) => ({ path: reasonsPath, line: 1, message: `"${id}" has a test, or is no requirement: it needs no reason` })),
    ...twice.map((id) => ({ path: requirementsPath, line: 1, message: `"${id}" has two rows` })),
    ...(ids.length === 0 ? [{ path: requirementsPath, line: 1, message: "No requirement found" }] : []),
    ...(repo.files.get(traceabilityPath) === renderTraceability(repo, unshown)
      ? []
      : [{ path: traceabilityPath, line: 1, message: "Report is stale: run `pnpm traceability` and commit it" }]),
  ];
}
