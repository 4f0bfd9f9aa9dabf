import type { RouteSubject } from "../routing/route-subject.ts";

/** The value a subject has for a parameter: its metadata first, then what it brings; null when there is none. */
export function parameterValue(subject: RouteSubject, name: string): string | null {
  if (name === "id" || name === "kind" || name === "status") return subject[name];
  const { parameters } = subject;
  return parameters !== undefined && Object.hasOwn(parameters, name) ? (parameters[name] as string) : null;
}
