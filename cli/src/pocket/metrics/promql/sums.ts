/** A sum that keeps what rounding loses, as Prometheus sums (Kahan with Neumaier's improvement), so that ours ends in the same digits. */
export class Sum {
  private compensation = 0;

  constructor(private sum = 0) {}

  add(value: number): void {
    const total = this.sum + value;
    if (!Number.isFinite(total) && !Number.isNaN(total)) {
      this.compensation = 0;
    } else if (Math.abs(this.sum) >= Math.abs(value)) {
      this.compensation += (this.sum - total) + value;
    } else {
      this.compensation += (value - total) + this.sum;
    }
    this.sum = total;
  }

  get value(): number {
    return this.sum + this.compensation;
  }

  /** The sum over a count, each part divided by itself. */
  over(count: number): number {
    return this.sum / count + this.compensation / count;
  }
}

export function sumOf(values: readonly number[]): number {
  const sum = new Sum(values[0]);
  for (const value of values.slice(1)) sum.add(value);
  return sum.value;
}

/** The mean, also where the sum of the values would be infinite and they are not. */
export function meanOf(values: readonly number[]): number {
  let sum = new Sum(values[0]);
  for (let i = 1; i < values.length; i++) {
    sum.add(values[i]);
    if (Math.abs(sum.value) === Infinity) {
      return incrementalMean(values, i);
    }
  }
  return sum.over(values.length);
}

/** From where the sum overflows, the mean itself is carried on. */
function incrementalMean(values: readonly number[], from: number): number {
  let mean = meanOf(values.slice(0, from));
  for (let i = from; i < values.length; i++) {
    const share = i / (i + 1);
    mean = share * mean + values[i] / (i + 1);
  }
  return mean;
}

/** Between the two nearest values by rank; NaN counts as smallest. */
export function quantileOf(q: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const sorted = [...values].sort(ascending);
  const rank = q * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return sorted[lower] * (1 - weight) + sorted[upper] * weight;
}

/** NaN first, then by size. */
export function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a < b ? -1 : a > b ? 1 : 0;
}
