import type { Labels } from '../../../src/pocket/metrics/promql/labels.js';
import { sortedEntries } from '../../../src/pocket/metrics/promql/labels.js';

/** A sample for a real Prometheus; null says that the series went stale. */
export interface Written {
  readonly labels: Labels;
  readonly time: number;
  readonly value: number | null;
}

/** Stores samples of any time in a real Prometheus, through its remote-write receiver. */
export async function remoteWrite(url: string, samples: readonly Written[]): Promise<void> {
  const body = snappy(Buffer.concat(samples.map((sample) => field(1, series(sample)))));
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' },
    body: new Uint8Array(body),
  });
  if (!response.ok) throw new Error(`remote write answered ${response.status}: ${await response.text()}`);
}

function series({ labels, time, value }: Written): Buffer {
  const pairs = sortedEntries(labels).map(([name, text]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])));
  const number = Buffer.alloc(9);
  number[0] = 0x09;
  if (value === null) {
    number.writeBigUInt64LE(0x7ff0000000000002n, 1);
  } else {
    number.writeDoubleLE(value, 1);
  }
  return Buffer.concat([...pairs, field(2, Buffer.concat([number, Buffer.from([0x10]), varint(BigInt(time))]))]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(BigInt(content.length)), content]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest % 128n);
    rest /= 128n;
    bytes.push(rest > 0n ? low + 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** Snappy's framing without compression: literals of at most 60,000 bytes. */
function snappy(content: Buffer): Buffer {
  const chunks: Buffer[] = [varint(BigInt(content.length))];
  for (let at = 0; at < content.length; at += 60_000) {
    const piece = content.subarray(at, at + 60_000);
    const head = Buffer.from([61 * 4, 0, 0]);
    head.writeUInt16LE(piece.length - 1, 1);
    chunks.push(head, piece);
  }
  return Buffer.concat(chunks);
}
