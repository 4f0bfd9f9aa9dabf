import type { HydrationSpec } from "@gov/schema";
import type { Candidate } from "@gov/hydration";
import fc from "fast-check";

/** Small alphabets, so that ties of every kind are common. */
export const candidate: fc.Arbitrary<Candidate> = fc.record({
  id: fc.constant("A-1"),
  path: fc.constantFrom("a.md", "b.md", "x/a.md", "x/b.md", "y/a.md", "\u{1F600}.md", "\uFF41.md"),
  version: fc.constantFrom(null, "1.0.0", "2.0.0"),
  status: fc.constantFrom(null, "draft", "review", "approved"),
  commitTime: fc.constantFrom(null, -1, 0, 1, 1_700_000_000),
  digest: fc.constantFrom(`sha256:${"a".repeat(64)}` as const, `sha256:${"b".repeat(64)}` as const),
});

/** Distinct paths, as in a real tree. */
export const candidates: fc.Arbitrary<readonly Candidate[]> = fc.uniqueArray(candidate, { selector: ({ path }) => path, maxLength: 7 });

/** Every spec that the schema allows, repeated rules included. */
export const spec: fc.Arbitrary<HydrationSpec> = fc.record({
  precedence: fc.array(fc.constantFrom("approved" as const, "latest_non_draft" as const, "solo" as const), { minLength: 1, maxLength: 4 }),
  tie_breakers: fc.array(fc.constantFrom("commit_time" as const, "file_name" as const, "path" as const), { minLength: 1, maxLength: 4 }),
  uncommitted: fc.constantFrom("oldest" as const, "newest" as const),
});

/** The order that the seed states (HYD-01). */
export const seedSpec: HydrationSpec = {
  precedence: ["approved", "latest_non_draft", "solo"],
  tie_breakers: ["commit_time", "file_name", "path"],
  uncommitted: "oldest",
};
