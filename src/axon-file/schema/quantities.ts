import { Duration, Size } from 'cdk8s';
import { Leaf, Shape, wrong } from './shape';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A time such as `90s`, `5m`, `12h` or `30d`. */
export function duration(): Shape<Leaf<Duration>> {
  return {
    json: { type: 'string', pattern: '^[0-9]+[smhd]$' },
    read: (node, at, report) => {
      const match = node.kind === 'scalar' ? /^(\d{1,9})([smhd])$/.exec(node.text) : null;
      return match === null
        ? wrong(node, at, report, 'time-format', 'must be a time: a whole number with s, m, h or d behind it', "write it as '90s', '5m', '12h' or '30d'")
        : { value: Duration.seconds(Number(match[1]) * SECONDS[match[2]]), place: at.place };
    },
  };
}

const BYTES: Readonly<Record<string, bigint>> = {
  '': 1n, 'k': 10n ** 3n, 'M': 10n ** 6n, 'G': 10n ** 9n, 'T': 10n ** 12n, 'P': 10n ** 15n, 'Ki': 2n ** 10n, 'Mi': 2n ** 20n, 'Gi': 2n ** 30n, 'Ti': 2n ** 40n, 'Pi': 2n ** 50n,
};

/** An amount of storage such as `2Gi`. */
export function size(): Shape<Leaf<Size>> {
  return {
    json: { type: ['string', 'number'] },
    read: (node, at, report) => {
      const match = node.kind === 'scalar' ? /^(\d{1,18})([kMGTP]|[KMGTP]i)?$/.exec(node.text) : null;
      if (match === null) {
        return wrong(node, at, report, 'quantity-format', 'must be an amount of storage: a whole number with Mi, Gi or Ti behind it', "write it as '2Gi'");
      }
      const bytes = BigInt(match[1]) * BYTES[match[2] ?? ''];
      if (bytes === 0n) {
        return wrong(node, at, report, 'out-of-range', 'must be more than 0', "write it as '2Gi'");
      }
      // Sizes of cdk8s count in kibibytes: a claim for a little more is as good.
      return { value: Size.kibibytes(Number((bytes + 1023n) / 1024n)), place: at.place };
    },
  };
}
