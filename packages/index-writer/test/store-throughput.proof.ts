import { expect, it } from "vitest";
import { measureThroughput } from "./store-throughput.ts";

for (const backend of ["files", "pglite", "postgres", "nats"] as const) {
  it(`1,000 messages a second through ${backend}, 99 of 100 within 100 ms`, async () => {
    const found = await measureThroughput(backend, { rate: 1_000, seconds: 10 });
    console.info(
      `${backend}: ${found.perSecond.toFixed(0)} messages/s, p50 ${found.p50Ms.toFixed(1)} ms, p99 ${found.p99Ms.toFixed(1)} ms`,
    );
    expect(found.perSecond).toBeGreaterThan(950);
    expect(found.p99Ms).toBeLessThan(100);
  });
}
