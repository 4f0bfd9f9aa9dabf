/**
 * The suite that holds every store of a chained log to the same behaviour.
 *
 * @packageDocumentation
 */
export { type AuditLogAdapter, type AuditLogCase, auditLogConformance } from "./audit-log-conformance.ts";
