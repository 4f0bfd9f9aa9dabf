import { z } from "zod";
import { textV1 } from "./document-text.ts";

/** A failure as a program reports it: a stable code, an exit code, and what to do (seed 1, T-007). */
export const errorDiagnosticV1 = z.looseObject({
  version: z.literal("1.0.0"),
  code: z.string().regex(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/u),
  exit_code: z.int().min(1).max(125),
  message: textV1,
  path: textV1.nullable().optional(),
  line: z.int().min(1).nullable().optional(),
  column: z.int().min(1).nullable().optional(),
  hint: z.string().optional(),
  details: z.looseObject({}).optional(),
});
