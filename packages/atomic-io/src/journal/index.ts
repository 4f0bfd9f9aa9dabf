/**
 * A log of records in which what was acknowledged stays, in order, and what is damaged is never taken for whole.
 *
 * @packageDocumentation
 */
export { readArchive, type ReadArchiveOptions } from "./archive.ts";
export type { JournalCommit } from "./format.ts";
export type { Journal, JournalPosition, JournalRecovery, JournalView, RotateOptions } from "./journal.ts";
export { openJournal, type OpenJournalOptions } from "./open-journal.ts";
export { type FoundJournal, readJournal, type ReadJournalOptions } from "./read-journal.ts";
export type { JournalRecord } from "./scan-journal.ts";
