import { type Call, UsageError } from "../command.ts";

/** As `cycleIdV1` of `@gov/schema/documents` has it, which a test holds it to; that entry loads more than a command line needs. */
export const cycleIdPattern: RegExp = /^[A-Za-z0-9](?:\.?[A-Za-z0-9_-]){0,63}$/u;

/** The id of the cycle that a call names first; undefined when it names none. */
export function cycleId(call: Call): string | undefined {
  const [id] = call.positionals;
  return id === undefined ? undefined : requireCycleName(id);
}

/** Refuses what cannot be the id of a cycle. */
export function requireCycleName(id: string): string {
  if (cycleIdPattern.test(id)) return id;
  throw new UsageError(
    `Cannot use ${JSON.stringify(id)} as the id of a cycle: at most 64 letters, digits, "_", "-" and single dots are allowed`,
    "such as PLN-BE-2026-01",
  );
}

/** The id of the cycle that a call must name first. */
export function requiredCycleId(call: Call): string {
  const id = cycleId(call);
  if (id === undefined) throw new UsageError("Missing the id of the cycle", "gov cycle lists the cycles");
  return id;
}
