import type { RouteSubject } from "../routing/route-subject.ts";

/** Tells in words which artifact is meant, by all that conditions look at. */
export function describeSubject({ id, kind, status, tags }: RouteSubject): string {
  const labels = tags.map(({ key, value }) => (value === null ? key : `${key}:${value}`));
  return `an artifact (id "${id}", kind "${kind}", status ${status ?? "none"}${labels.length === 0 ? "" : `, tags ${labels.join(", ")}`})`;
}
