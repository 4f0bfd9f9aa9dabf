import { z } from "zod";

/** An id: 1 to 256 characters, none of them a control character. */
export const idV1 = z.string().regex(/^\P{Cc}{1,256}$/u);

/** A point in time as RFC 3339 writes it: date, time, and an offset from UTC. */
export const timestampV1 = z
  .string()
  .regex(
    /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/u,
  );

/** A calendar date, or a point in time. */
export const dateOrTimestampV1 = z.union([z.string().regex(/^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/u), timestampV1]);

/** A SHA-256 digest, with or without its prefix (B-14). */
export const sha256V1 = z.string().regex(/^(?:sha256:)?[0-9a-f]{64}$/u);

/** Id of a planning cycle: a date, a sprint tag or `PLN-BE-2024-01`; always safe as one segment of a path (B-44). */
export const cycleIdV1 = z.string().regex(/^[A-Za-z0-9](?:\.?[A-Za-z0-9_-]){0,63}$/u);

/** Which schema a document follows: `urn:gov:schema:<kind>:<version>`, or a path or address that ends in `<kind>-v<version>.json` (SCH-07). */
export const schemaNameV1 = z.string().min(1);

/** Text of at least one character. */
export const textV1 = z.string().min(1);

/** A share of a hundred. */
export const percentV1 = z.number().min(0).max(100);

/** A span of time: `7_years`, `48h`, `15 min`, or ISO 8601 as in `P7Y` and `PT48H` (B-42). */
export const durationV1 = z
  .string()
  .regex(
    /^(?:[0-9]{1,9}[ _]?(?:ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|months?|y|years?)|P(?:[0-9]{1,9}[YMWD])+|P(?:[0-9]{1,9}[YMWD])*T(?:[0-9]{1,9}[HMS])+)$/u,
  );
