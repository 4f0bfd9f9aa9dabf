import type { Check } from "./check.ts";
import { api } from "./checks/api.ts";
import { architectureTable } from "./checks/architecture-table.ts";
import { comments } from "./checks/comments.ts";
import { cycles } from "./checks/cycles.ts";
import { dependencies } from "./checks/dependencies.ts";
import { effects } from "./checks/effects.ts";
import { errorCodes } from "./checks/error-codes.ts";
import { exportsDocumented } from "./checks/exports.ts";
import { formats } from "./checks/formats.ts";
import { layering } from "./checks/layering.ts";
import { links } from "./checks/links.ts";
import { noMachineWords } from "./checks/machine-words.ts";
import { manifests } from "./checks/manifests.ts";
import { messages } from "./checks/messages.ts";
import { modules } from "./checks/modules.ts";
import { samePorts } from "./checks/ports.ts";
import { readmes } from "./checks/readmes.ts";
import { signatures } from "./checks/signatures.ts";
import { traceability } from "./checks/traceability.ts";
import { workspace } from "./checks/workspace.ts";

/** Every check, in the order in which they run. */
export const allChecks: readonly Check[] = [
  layering,
  architectureTable,
  cycles,
  dependencies,
  exportsDocumented,
  signatures,
  errorCodes,
  modules,
  effects,
  messages,
  comments,
  manifests,
  readmes,
  links,
  formats,
  workspace,
  samePorts,
  noMachineWords,
  traceability,
  api,
];
