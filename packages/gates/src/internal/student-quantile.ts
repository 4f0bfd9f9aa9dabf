/**
 * The quantile of Student's t distribution: with probability `probability` a value is below it. Found by bisection over the
 * distribution function, to about ten digits.
 *
 * @throws RangeError when `probability` is not between a half and one, or `degrees` is no whole number from 1.
 */
export function studentQuantile(probability: number, degrees: number): number {
  const key = `${probability} ${degrees}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const quantile = findQuantile(probability, degrees);
  if (quantiles.size < 256) quantiles.set(key, quantile);
  return quantile;
}

/** Quantiles found before: comparisons ask for the same few again and again. */
const quantiles = new Map<string, number>();

function findQuantile(probability: number, degrees: number): number {
  if (!(probability > 0.5 && probability < 1)) throw new RangeError(`Cannot compute a quantile of probability ${probability}`);
  if (!Number.isInteger(degrees) || degrees < 1) throw new RangeError(`Cannot compute a quantile with ${degrees} degrees of freedom`);
  let [low, high] = [0, 1];
  while (distribution(high, degrees) < probability) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (distribution(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function distribution(t: number, degrees: number): number {
  return 1 - regularizedBeta(degrees / (degrees + t * t), { a: degrees / 2, b: 0.5 }) / 2;
}

/** Regularized incomplete beta function by its continued fraction (DLMF 8.17.22), evaluated with Lentz's method. */
function regularizedBeta(x: number, { a, b }: { readonly a: number; readonly b: number }): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, { a: b, b: a });
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  const tiny = 1e-300;
  let [c, d] = [1, 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny)];
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const step of [even, odd]) {
      d = 1 / nonZero(1 + step * d, tiny);
      c = nonZero(1 + step / c, tiny);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return front * fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Logarithm of the gamma function, by Stirling's series shifted up to where it converges. */
function logGamma(z: number): number {
  let [x, shift] = [z, 0];
  while (x < 15) {
    shift -= Math.log(x);
    x += 1;
  }
  const square = 1 / (x * x);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
