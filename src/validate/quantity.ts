import { detail, ProblemDetail } from '../problem/problem';

/** An exact amount: `numerator` / 10 ** `decimals`. Sixty-four bits of nano units do not fit a number. */
interface Amount {
  readonly numerator: bigint;
  readonly decimals: number;
}

const QUANTITY = /^\+?(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const MISTAKES: Readonly<Record<string, string>> = { K: 'k', KB: 'k', kB: 'k', kb: 'k', mb: 'M', MB: 'M', gb: 'G', GB: 'G', TB: 'T', ki: 'Ki', mi: 'Mi', gi: 'Gi', g: 'G', t: 'T', KiB: 'Ki', MiB: 'Mi', GiB: 'Gi', TiB: 'Ti' };
// Kubernetes keeps no more than this and would cap without a word.
const LARGEST: Amount = { numerator: 2n ** 63n - 1n, decimals: 0 };

/** A Kubernetes quantity of a resource: `2`, `0.5`, `500m`, `1.5Gi`, `1e3`. Whole amounts may be numbers, as GPUs often are. */
export function quantityProblem(quantity: string | number): ProblemDetail | undefined {
  if (typeof quantity === 'number' && !Number.isFinite(quantity)) {
    return detail('quantity-format', 'must be a finite quantity', "write one such as '500m' or '2Gi'");
  }
  const text = String(quantity);
  if (/^-/.test(text)) {
    return detail('out-of-range', 'must not be negative', 'remove the sign');
  }
  const amount = parse(text);
  if (amount === undefined) {
    const suffix = /^[\d.]+\s*([A-Za-z]+)$/.exec(text);
    const meant = suffix === null ? undefined : MISTAKES[suffix[1]] ?? (/\s/.test(text) && parse(text.replace(/\s/g, '')) ? suffix[1] : undefined);
    return detail('quantity-format', 'must be a Kubernetes quantity, a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei, or an exponent as in 1e3',
      meant === undefined ? "write one such as '500m' or '2Gi'" : `write '${parseFloat(text)}${meant}'`);
  }
  return compare(amount, LARGEST) > 0 ? detail('out-of-range', 'is more than Kubernetes can hold (2^63-1)', 'lower it') : undefined;
}

/** The same for a resource of a known name: no halves of a byte, and whole devices. */
export function resourceProblem(resource: string, quantity: string | number): ProblemDetail | undefined {
  const problem = quantityProblem(quantity);
  if (problem !== undefined) {
    return problem;
  }
  const amount = parse(String(quantity))!;
  const whole = amount.numerator % 10n ** BigInt(amount.decimals) === 0n;
  if (whole || resource === 'cpu') {
    return undefined;
  }
  if (/^(?:memory|storage|ephemeral-storage|hugepages-.*)$/.test(resource)) {
    const meant = /^(\d+)m$/.exec(String(quantity));
    return detail('not-whole', "must be a whole number of bytes (the suffix 'm' is a thousandth)", meant === null ? 'round it' : `write '${meant[1]}Mi'`);
  }
  return detail('not-whole', `must be a whole number, '${resource}' cannot be divided`, 'round it');
}

/** Whether a name is that of an extended resource, which a device plugin offers: `nvidia.com/gpu`. */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.startsWith('kubernetes.io/');
}

/** Whether a request is more than its limit; false where one of them is no quantity. */
export function requestExceedsLimit(request: string | number, limit: string | number): boolean {
  const [a, b] = [parse(String(request)), parse(String(limit))];
  return a !== undefined && b !== undefined && compare(a, b) > 0;
}

function parse(text: string): Amount | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, digits, suffix, exponent] = match;
  const [whole, fraction = ''] = digits.split('.');
  const power = exponent === undefined ? DECIMAL[suffix] ?? 0 : Number(exponent);
  // Beyond this the number of digits would be the attack.
  if (Math.abs(power) > 40) {
    return undefined;
  }
  const factor = 1024n ** BigInt(BINARY.indexOf(suffix) + 1);
  const numerator = BigInt(`${whole}${fraction}`) * factor;
  const decimals = fraction.length - power;
  return decimals < 0 ? { numerator: numerator * 10n ** BigInt(-decimals), decimals: 0 } : { numerator, decimals };
}

function compare(a: Amount, b: Amount): number {
  const left = a.numerator * 10n ** BigInt(b.decimals);
  const right = b.numerator * 10n ** BigInt(a.decimals);
  return left < right ? -1 : left > right ? 1 : 0;
}
