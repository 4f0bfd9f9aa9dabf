/**
 * The suite that holds every backend of the object store to the same behaviour.
 *
 * @packageDocumentation
 */
export { type ObjectBackendCase, objectBackendConformance } from "./object-backend-conformance.ts";
