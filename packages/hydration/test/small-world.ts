import { type RouteSubject } from "@gov/hydration/routing";
import { artifactStatuses, type RouteSpec, type RoutingSpec, type Tag } from "@gov/schema";
import fc from "fast-check";

const oneOf = <T extends string>(...values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });

const match = fc
  .record({
    kind: oneOf("plan", "note"),
    status: oneOf(...artifactStatuses),
    id: oneOf("p1", "p2", "p*", "pq*", "*"),
    tag: oneOf("T", "T:1", "T:2", "U"),
  })
  .map((conditions) => Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined)) as RouteSpec["match"]);

/** Patterns that conflict, shadow, meet and can be misread in many ways. */
const places = [
  "a.md",
  "b.md",
  "{kind}.md",
  "plan.md",
  "{id}.md",
  "p{name}.md",
  "{status}/{id}.md",
  "x/{id}.md",
  "x/p1.md",
  "{name}.md",
  "x/{id}-{name}.md",
  "x/{kind}-{id}.md",
  "{kind}/{name}-p1.md",
  "{name}/{name}-{id}.md",
  "{name}/x-{name}.md",
  "{id}/{id}-{name}.md",
] as const;

const to = fc.constantFrom(...places);

/** Routing rules of up to five routes over a few words, so that overlaps of every kind are common. */
export const spec: fc.Arbitrary<RoutingSpec> = fc.record({
  routes: fc
    .array(fc.record({ match, to, precedence: fc.integer({ min: 0, max: 2 }) }), { minLength: 1, maxLength: 5 })
    .map((routes) => routes.map((route, index) => ({ ...route, id: `r${index}` }))),
  overrides: fc.uniqueArray(fc.record({ artifact: fc.constantFrom("p1", "p2"), to }), {
    selector: ({ artifact }) => artifact,
    maxLength: 1,
  }),
});

// Every subject of a small world; "other", "zz" and the like stand for all the values that no rule mentions.
const tags: readonly Tag[] = [
  { key: "T", value: null },
  { key: "T", value: "1" },
  { key: "T", value: "2" },
  { key: "U", value: null },
];
const tagSets = Array.from({ length: 16 }, (_, bits) => tags.filter((_tag, index) => (bits >> index) & 1));

function subjects(words: {
  readonly kinds: readonly string[];
  readonly ids: readonly string[];
  readonly names: readonly string[];
}): readonly RouteSubject[] {
  return words.kinds.flatMap((kind) =>
    [...artifactStatuses, null].flatMap((status) =>
      words.ids.flatMap((id) =>
        words.names.flatMap((name) => tagSets.map((set) => ({ id, kind, status, tags: set, parameters: { name } }))),
      ),
    ),
  );
}

/** Every subject, with one value for the free parameter. */
export const world: readonly RouteSubject[] = subjects({
  kinds: ["plan", "note", "other"],
  ids: ["p1", "p2", "pzz", "pqzz", "zz"],
  names: ["yy"],
});

/** Every subject whose ids and names can be mistaken for each other; only some tags, which decide nothing new here. */
export const meetingWorld: readonly RouteSubject[] = subjects({
  kinds: ["plan", "note", "other"],
  ids: ["p1", "p2", "pq", "zz", "zz-zz", "plan", "1"],
  names: ["p1", "zz", "zz-zz", "1", "lan", "note"],
}).filter((_subject, index) => [0, 1, 2, 8, 15].includes(index % 16));
