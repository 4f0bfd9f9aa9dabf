import { defaultBuckets, type MetricDefinition } from "../metric-definitions.ts";

/** Labels that the exposition formats use themselves. */
const reservedLabels: ReadonlySet<string> = new Set(["le", "quantile", "job", "instance"]);

const kinds: ReadonlySet<string> = new Set(["counter", "gauge", "histogram"]);

/** Name of the family of a metric in OpenMetrics. */
export function familyOf(name: string): string {
  return name.replace(/_total$/, "");
}

/** Refuses a definition that no exposition format can carry, or whose name does not say what it is. */
export function checkDefinition(definition: MetricDefinition): void {
  const { name, kind, unit, labels, buckets } = definition;
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot register the metric "${name}": ${why}`);
  };
  if (!kinds.has(kind)) refuse(`its kind must be one of ${[...kinds].join(", ")}`);
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) refuse("its name must be lower-case words joined by underscores");
  if ((kind === "counter") !== name.endsWith("_total")) refuse(`a counter, and nothing else, ends in "_total"`);
  if (/_(?:bucket|count|sum|created|info)$/.test(name)) refuse("its ending is reserved for the series of a histogram");
  if (unit !== "" && kind !== "counter" && !name.endsWith(`_${unit}`)) refuse(`its name must end in its unit "${unit}"`);
  if (definition.help === "" || /[\n\r]/.test(definition.help)) refuse("its help must be one line");
  for (const label of labels) {
    if (!/^[a-z][a-z0-9_]*$/.test(label) || label.startsWith("__"))
      refuse(`the label "${label}" must be lower-case letters, digits and underscores`);
    if (reservedLabels.has(label)) refuse(`the label "${label}" is reserved`);
  }
  if (new Set(labels).size !== labels.length) refuse("a label is named twice");
  if (kind !== "histogram" && buckets !== undefined) refuse("only a histogram has buckets");
  const bounds = buckets ?? defaultBuckets;
  if (
    kind === "histogram" &&
    (bounds.length === 0 || !bounds.every((bound, at) => Number.isFinite(bound) && bound > (bounds[at - 1] ?? -Infinity)))
  )
    refuse("its buckets must be finite and ascending");
}
