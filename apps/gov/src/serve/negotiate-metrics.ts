/** How metrics can be exposed. */
export type MetricsFormat = "openmetrics" | "prometheus";

/** What each format is called over HTTP. */
export const metricsTypes: Readonly<Record<MetricsFormat, string>> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

/**
 * Chooses the format that the header `Accept` of a scraper prefers. OpenMetrics has to be named, in the version that is written here; whoever accepts anything, or
 * nothing that there is, gets the Prometheus text, as every scraper reads it.
 */
export function negotiateMetrics(accept: string | undefined): MetricsFormat {
  const ranges = (accept ?? "").split(",").map(readRange);
  const best = (type: string, version: string): number | null => {
    const fitting = ranges.filter((range) => range.type === type && (range.parameters.get("version") ?? version) === version);
    return fitting.length === 0 ? null : Math.max(...fitting.map(({ quality }) => quality));
  };
  const open = best("application/openmetrics-text", "1.0.0") ?? 0;
  // The most specific range that fits decides (RFC 9110, section 12.5.1).
  const text = best("text/plain", "0.0.4") ?? best("text/*", "") ?? best("*/*", "") ?? 0;
  return open > 0 && open >= text ? "openmetrics" : "prometheus";
}

function readRange(text: string): Range {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim().toLowerCase());
  const parameters = new Map(
    rest.map((part) => {
      const [name = "", value = ""] = part.split("=").map((side) => side.trim());
      return [name, value.replace(/^"(.*)"$/, "$1")] as const;
    }),
  );
  const weight = parameters.get("q") ?? "1";
  // A weight that is none says nothing of what is preferred, and is taken for the least.
  return { type, parameters, quality: /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0 };
}
