/** Every code a finding of this package can carry; callers switch on the code, never on the message. */
export const hydrationFindingCodes = [
  "HYDRATION_CONTENT_CONFLICT",
  "HYDRATION_DUPLICATE_CONTENT",
  "HYDRATION_MISPLACED",
  "HYDRATION_OVERRIDE_DUPLICATE",
  "HYDRATION_PATH_COLLISION",
  "HYDRATION_ROUTE_AMBIGUOUS",
  "HYDRATION_ROUTE_CASE",
  "HYDRATION_ROUTE_CONFLICT",
  "HYDRATION_ROUTE_DUPLICATE",
  "HYDRATION_ROUTE_PARAMETER",
  "HYDRATION_ROUTE_PATTERN",
  "HYDRATION_ROUTE_SHADOWED",
  "HYDRATION_ROUTE_SHARED",
  "HYDRATION_ROUTE_UNFILLED",
  "HYDRATION_ROUTE_UNREACHABLE",
  "HYDRATION_UNRESOLVED",
] as const;

/** Code of a finding of this package. */
export type HydrationFindingCode = (typeof hydrationFindingCodes)[number];
