import { z } from "zod";
import { dataDocument } from "./data-document.ts";
import { dateOrTimestampV1, idV1, textV1 } from "./document-text.ts";

/** A time in which nothing may change; both ends are included. */
export const changeFreezeV1 = z.looseObject({
  id: idV1,
  from: dateOrTimestampV1,
  to: dateOrTimestampV1,
  reason: textV1,
  owner: textV1,
  /** Streams or globs it covers; everything without. */
  scope: z.array(textV1).min(1).optional(),
});

/** `freeze_calendar.yaml`: when nothing may change, why, and who may lift it (GOV-02, `change_freeze: check_calendar`). */
export const freezeCalendarV1 = dataDocument({ freezes: z.array(changeFreezeV1) });
