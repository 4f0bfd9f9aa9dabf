import {
  compileRoutes,
  findRouteConflicts,
  findRouteRisks,
  routeArtifact,
  type RouteSubject,
  type RouteTable,
} from "@gov/hydration/routing";
import { generateRules, generateSubjects } from "../fixtures/routing.ts";
import type { PreparedRow, Row, RowContext } from "../row.ts";

/** Routing many documents, and the analysis of many rules. */
export const routeDocumentsRows: readonly Row[] = [
  { id: "route-documents", title: "100,000 documents routed through 1,000 rules", prepare: prepareRouting },
  { id: "analyse-routes", title: "Static analysis of 1,000 rules", prepare: prepareAnalysis },
];

async function prepareRouting({ random, quick }: RowContext): Promise<PreparedRow> {
  const documents = quick ? 5_000 : 100_000;
  const few = tableOf(100);
  const many = tableOf(1_000);
  const subjects = generateSubjects(documents, { random, rules: 1_000 });
  const fewSubjects = generateSubjects(documents, { random, rules: 100 });
  for (const subject of subjects.slice(0, 2_000)) {
    if (routeArtifact(many, subject).rule !== scan(many, subject))
      throw new Error(`Cannot compare: the scan routes "${subject.id}" elsewhere`);
  }
  return {
    subject: "@gov/hydration routeArtifact, 1,000 rules",
    contenders: [
      { name: "@gov/hydration routeArtifact, 1,000 rules", run: () => routeEach(many, subjects) },
      { name: "@gov/hydration routeArtifact, 100 rules", run: () => routeEach(few, fewSubjects) },
      { name: "naive scan, 1,000 rules (finds the rule, fills no path)", run: () => void subjects.map((subject) => scan(many, subject)) },
    ],
    rounds: quick ? 5 : 9,
    warmups: 2,
    notes: [
      `${documents} documents; milliseconds for all of them; the scan agreed on the first 2,000.`,
      "The ratio of the row with 100 rules shows how the cost grows with the rules: ten times the rules, hardly more time.",
    ],
  };
}

async function prepareAnalysis({ quick }: RowContext): Promise<PreparedRow> {
  const rules = quick ? 200 : 1_000;
  const spec = generateRules(rules);
  const few = tableOf(rules / 4);
  const broken = compileRoutes({
    ...generateRules(rules / 4),
    routes: [...generateRules(rules / 4).routes, { id: "rival", match: { kind: "kind3" }, to: "elsewhere/{id}.md", precedence: 1 }],
  });
  if (!broken.ok) throw new Error(`Cannot measure: ${broken.findings[0]?.message}`);
  const found = findRouteConflicts(broken.value).map(({ routes }) => routes.join());
  if (found.join(" ") !== scanPairs(broken.value).join(" "))
    throw new Error(`Cannot compare: the scan of pairs finds other conflicts than ${found.join(" ")}`);
  return {
    subject: `@gov/hydration, ${rules} rules`,
    contenders: [
      { name: `@gov/hydration, ${rules} rules`, run: () => analyse(tableOf(rules)) },
      { name: `@gov/hydration, ${rules / 4} rules`, run: () => analyse(tableOf(rules / 4)) },
      {
        name: `naive, ${rules / 4} rules: each pair of routes, its artifacts routed by a scan (conflicts only)`,
        run: () => void scanPairs(few),
      },
    ],
    rounds: quick ? 5 : 7,
    warmups: 1,
    notes: [
      `${spec.routes.length} rules without defects: compiled, then asked for conflicts, shadows, unreachable and ambiguous routes and shared places.`,
      "The naive scan finds the same conflicts in a rule with a defect and looks for nothing else; its cost grows with the cube of the rules.",
    ],
  };
}

function tableOf(rules: number): RouteTable {
  const compiled = compileRoutes(generateRules(rules));
  if (!compiled.ok) throw new Error(`Cannot measure: ${compiled.findings[0]?.message}`);
  return compiled.value;
}

function routeEach(table: RouteTable, subjects: readonly RouteSubject[]): void {
  for (const subject of subjects) {
    if (routeArtifact(table, subject).path === null) throw new Error(`Cannot measure: "${subject.id}" has no place`);
  }
}

function analyse(table: RouteTable): void {
  const defects = [...findRouteConflicts(table), ...findRouteRisks(table)];
  if (defects.length > 0) throw new Error(`Cannot measure: ${defects[0]?.message}`);
}

/** The rule that decides, by asking every rule in the order of the table. */
function scan({ routes }: RouteTable, subject: RouteSubject): string | null {
  return routes.find((route) => holds(route, subject))?.id ?? null;
}

function holds(route: RouteTable["routes"][number], { kind, status, id, tags }: RouteSubject): boolean {
  return (
    (route.kinds === null || route.kinds.has(kind)) &&
    (route.statuses === null || (status !== null && route.statuses.has(status))) &&
    (route.ids === null || route.ids.some(({ text, prefix }) => (prefix ? id.startsWith(text) : id === text))) &&
    (route.tags === null ||
      route.tags.some((wanted) => tags.some((tag) => tag.key === wanted.key && (wanted.value === null || wanted.value === tag.value))))
  );
}

/** The pairs of routes that send an artifact to two places at the highest precedence: for each pair its artifacts, each routed by a scan. */
function scanPairs(table: RouteTable): readonly string[] {
  const { routes } = table;
  return routes.flatMap((route, index) =>
    routes.slice(index + 1).flatMap((rival) => {
      if (rival.precedence !== route.precedence) return [];
      const isConflict = artifactsOf(route).some((subject) => {
        const matching = routes.filter((one) => holds(one, subject));
        const top = matching.filter(({ precedence }) => precedence === matching[0]?.precedence);
        return top.includes(route) && top.includes(rival) && route.pattern.text !== rival.pattern.text;
      });
      return isConflict ? [`${route.id},${rival.id}`] : [];
    }),
  );
}

function artifactsOf({ kinds, statuses, ids, tags }: RouteTable["routes"][number]): readonly RouteSubject[] {
  return [...(kinds ?? ["any"])].flatMap((kind) =>
    [...(statuses ?? [null])].flatMap((status) =>
      (ids ?? [{ text: "ANY" }]).flatMap(({ text: id }) =>
        (tags ?? [null]).map((tag) => ({ id, kind, status: status as RouteSubject["status"], tags: tag === null ? [] : [tag] })),
      ),
    ),
  );
}
