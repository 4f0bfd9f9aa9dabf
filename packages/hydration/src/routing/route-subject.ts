import type { Artifact } from "@gov/schema";

/** What routing looks at: metadata, and values for the parameters of path patterns. */
export interface RouteSubject extends Pick<Artifact, "id" | "kind" | "status" | "tags"> {
  /** Values by parameter name; `id`, `kind` and `status` come from the metadata and cannot be replaced here. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}
