/**
 * The suite that every record of {@link IndexStore} passes.
 *
 * @packageDocumentation
 */
export { type IndexStoreAdapter, type IndexStoreCase, indexStoreConformance } from "./index-store-conformance.ts";
