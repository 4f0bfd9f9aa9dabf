import type { Row } from "../row.ts";
import { appendJournalRows } from "./append-journal.ts";
import { auditLogRows } from "./audit-log.ts";
import { canonicalJsonRows } from "./canonical-json.ts";
import { checkDocumentsRows } from "./check-documents.ts";
import { checkProposalsRows } from "./check-proposals.ts";
import { coalescedReplaceRows } from "./coalesced-replace.ts";
import { countMetricsRows } from "./count-metrics.ts";
import { evaluateConditionsRows } from "./evaluate-conditions.ts";
import { govStartRows } from "./gov-start.ts";
import { indexChangeRows } from "./index-change.ts";
import { indexRecoveryRows } from "./index-recovery.ts";
import { indexScanRows } from "./index-scan.ts";
import { lintRulesRows } from "./lint-rules.ts";
import { planningGatesRows } from "./planning-gates.ts";
import { processEventsRows } from "./process-events.ts";
import { redactTextsRows } from "./redact-texts.ts";
import { replaceFileRows } from "./replace-file.ts";
import { routeDocumentsRows } from "./route-documents.ts";
import { schemaImportRows } from "./schema-import.ts";
import { sealedManifestRows } from "./sealed-manifest.ts";
import { selectCandidatesRows } from "./select-candidates.ts";

/** Every row of the benchmark, in the order of the report. */
export const rows: readonly Row[] = [
  ...replaceFileRows,
  ...auditLogRows,
  ...processEventsRows,
  ...countMetricsRows,
  ...redactTextsRows,
  ...coalescedReplaceRows,
  ...sealedManifestRows,
  ...appendJournalRows,
  ...canonicalJsonRows,
  ...checkDocumentsRows,
  ...checkProposalsRows,
  ...schemaImportRows,
  ...routeDocumentsRows,
  ...selectCandidatesRows,
  ...indexChangeRows,
  ...indexScanRows,
  ...indexRecoveryRows,
  ...evaluateConditionsRows,
  ...planningGatesRows,
  ...lintRulesRows,
  ...govStartRows,
];
