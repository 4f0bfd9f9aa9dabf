/**
 * Secrets and personal data stay in the process: removed in one pass before anything is written or sent.
 *
 * @packageDocumentation
 */
export { createRedactor, type Redactor, type RedactorOptions } from "./create-redactor.ts";
export { type DetectorName, detectorNames, type Redaction } from "./detectors.ts";
export { isSecretKey } from "./internal/assigned-secret.ts";
