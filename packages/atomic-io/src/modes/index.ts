/**
 * One interface for four ways of writing, and the rules for moving between them.
 *
 * @packageDocumentation
 */
export type { BridgeWriter, Divergence, DocumentWriter, DocumentWritten, ModeRecovery } from "./document-writer.ts";
export { type EffectiveWriteMode, effectiveWriteMode } from "./effective-write-mode.ts";
export {
  type ModeChange,
  type ModeDay,
  type ModePlan,
  type ModeRules,
  modeRules,
  planModeChange,
  type WriteMode,
  writeModes,
} from "./mode-rules.ts";
export { openDocumentWriter, type OpenDocumentWriterOptions } from "./open-document-writer.ts";
export type { JsonValue, Observer } from "../observer.ts";
