import { readFileSync } from "node:fs";
import type { Candidate } from "@gov/hydration";
import type { RouteSubject } from "@gov/hydration/routing";
import type { HydrationSpec, RoutingSpec } from "@gov/schema";

/** A published vector of selection. */
export interface SelectionVector {
  readonly name: string;
  readonly spec: HydrationSpec;
  readonly candidates: readonly Candidate[];
  readonly expected: {
    readonly outcome: string;
    readonly winner: string | null;
    readonly rule: string | null;
    readonly order: readonly string[];
    readonly decided_by: readonly (string | null)[];
    readonly findings: readonly string[];
  };
}

/** A published vector of routing. */
export interface RoutingVector {
  readonly name: string;
  readonly spec: RoutingSpec;
  readonly subject: RouteSubject;
  readonly expected: {
    readonly outcome: string;
    readonly path: string | null;
    readonly rule: string | null;
    readonly matched: readonly (readonly [route: string, verdict: string])[];
  };
}

interface WrittenCandidate extends Omit<Candidate, "id" | "commitTime" | "digest"> {
  readonly commit_time: number | null;
  readonly content: string;
}

interface VectorFile {
  readonly select: readonly (Omit<SelectionVector, "candidates"> & { readonly candidates: readonly WrittenCandidate[] })[];
  readonly route: readonly RoutingVector[];
}

/** Path of the vectors in the form that needs no YAML reader. */
export const vectorPath: URL = new URL("../vectors/hydration_tests.json", import.meta.url);

const file = JSON.parse(readFileSync(vectorPath, "utf8")) as VectorFile;

/** The published vectors of selection (HYD-02). */
export const selectionVectors: readonly SelectionVector[] = file.select.map((vector) => ({
  ...vector,
  candidates: vector.candidates.map(({ commit_time: commitTime, content, ...rest }) => ({
    ...rest,
    id: "A-1",
    commitTime,
    digest: `sha256:${content.repeat(64)}` as const,
  })),
}));

/** The published vectors of routing. */
export const routingVectors: readonly RoutingVector[] = file.route;
