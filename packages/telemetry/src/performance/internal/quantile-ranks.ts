/**
 * Returns the ranks (from 1) of the ordered samples between which a quantile lies with 95 % confidence, whatever the distribution: the number of samples below the
 * quantile is binomial. A rank is null where so few samples cannot bound it.
 */
export function quantileRanks(count: number, quantile: number): { readonly low: number | null; readonly high: number | null } {
  const logOdds = Math.log(quantile) - Math.log1p(-quantile);
  let logTerm = count * Math.log1p(-quantile);
  let cumulative = Math.exp(logTerm);
  // P(B <= k - 1), the chance that the k-th sample lies above the quantile, grows with k.
  let low: number | null = null;
  for (let rank = 1; rank <= count; rank++) {
    if (cumulative >= 0.975) return { low, high: rank };
    if (cumulative <= 0.025) low = rank;
    logTerm += Math.log(count - rank + 1) - Math.log(rank) + logOdds;
    cumulative += Math.exp(logTerm);
  }
  return { low, high: null };
}
