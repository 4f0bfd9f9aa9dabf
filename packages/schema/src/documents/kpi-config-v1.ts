import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { textV1 } from "./document-text.ts";

/** One key figure: how it is computed, in which unit, and what it should reach. */
export const kpiV1 = z.strictObject({ formula: textV1, unit: textV1, target: z.number() });

/** `kpi_config.yaml`: key figures by name (KPI-08). */
export const kpiConfigV1 = dataDocument({ kpis: z.record(z.string(), kpiV1) });
