import type { Command } from "../command.ts";
import { auditVerify } from "./audit-verify.ts";
import { check } from "./check.ts";
import { cycle } from "./cycle.ts";
import { digest } from "./digest.ts";
import { explain } from "./explain.ts";
import { gate } from "./gate.ts";
import { indexArtifacts } from "./index-artifacts.ts";
import { init } from "./init.ts";
import { keyNew } from "./key-new.ts";
import { manifestSeal } from "./manifest-seal.ts";
import { manifestVerify } from "./manifest-verify.ts";
import { resolve } from "./resolve.ts";
import { route } from "./route.ts";
import { status } from "./status.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  check,
  status,
  explain,
  route,
  indexArtifacts,
  resolve,
  cycle,
  gate,
  manifestSeal,
  manifestVerify,
  digest,
  auditVerify,
  keyNew,
];
