import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { percentV1, sha256V1, textV1 } from "./document-text.ts";

const milliseconds = z.number().min(0);

/** `acceptance_criteria.json`: where and on what performance is measured, and what it must reach (SCH-14). */
export const acceptanceCriteriaV1 = dataDocument({
  env_profile: z.looseObject({
    name: textV1,
    cpu: textV1.optional(),
    cores: z.int().min(1).optional(),
    memory_mb: z.int().min(1).optional(),
  }),
  dataset: z.looseObject({ name: textV1, digest: sha256V1.optional(), items: z.int().min(1).optional() }),
  latency_ms: z.looseObject({ p50: milliseconds, p95: milliseconds, p99: milliseconds }),
  variance_percent: percentV1,
  policy: z.looseObject({ start: z.enum(["warm", "cold"]), warmup_runs: z.int().min(0), measured_runs: z.int().min(1) }),
});
