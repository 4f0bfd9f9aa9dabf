import { isJsonObject } from "@gov/schema";
import type { Clock } from "../clock.ts";
import type { EntryLog } from "./entry-log.ts";
import { tellOnce } from "./internal/tell-once.ts";
import { planStatus, type StatusPlan } from "./plan-status.ts";
import { promotionStatusKind, readPromotionBoard } from "./promotion-board.ts";
import { promotionRefused } from "./internal/promotion-refused.ts";

/** Options of {@link applyStatus}. */
export interface ApplyStatusOptions {
  /** Name of the change; the same one is told once. */
  readonly id: string;
  readonly actor: string;
  readonly log: EntryLog;
  readonly clock: Clock;
}

/**
 * Tells the log of a change of status, once, when it may still be made by what the log says now.
 *
 * @throws {@link ManifestError} `MANIFEST_PROMOTION_REFUSED` with every finding when it may not.
 */
export async function applyStatus({ request, rules, from }: StatusPlan, { id, actor, log, clock }: ApplyStatusOptions): Promise<void> {
  const { manifest, to } = request;
  const payload = { id, manifestId: manifest.manifestId, digest: manifest.digest, from, to };
  const entry = { time: new Date(clock.now()).toISOString(), kind: promotionStatusKind, actor, subject: manifest.manifestId, payload };
  await tellOnce(log, entry, {
    isKnown: (one) => one.kind === promotionStatusKind && isJsonObject(one.payload) && one.payload["id"] === id,
    assertAllowed: async () => {
      const again = planStatus(request, { board: await readPromotionBoard(log), rules });
      if (!again.ok) throw promotionRefused(manifest.manifestId, again.findings);
    },
  });
}
