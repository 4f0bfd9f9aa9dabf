import { kpiConfigV1ToV2 } from "./kpi-config-v1-to-v2.ts";
import type { SchemaMigration } from "./schema-migration.ts";

/** Every step between versions of the formats that ship, by kind and version. */
export const schemaMigrations: readonly SchemaMigration[] = [kpiConfigV1ToV2];
