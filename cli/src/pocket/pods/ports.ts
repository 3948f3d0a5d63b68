import { createServer, type AddressInfo } from 'node:net';
import type { Container, Pod, Probe } from './pod.js';

/** Ports of this machine by container port. All containers of a pod share them, as they share its network. */
export type PodPorts = Readonly<Record<string, number>>;

/** A free port for each port that the containers of a pod name. */
export async function freePorts(pod: Pod): Promise<PodPorts> {
  const named = new Set(pod.spec.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort)));
  const servers = await Promise.all([...named].map(async () => listening()));
  const free = servers.map((server) => (server.address() as AddressInfo).port);
  // All are held until all are known, so that no two are the same.
  await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries([...named].map((port, index) => [String(port), free[index]!]));
}

/** The port of this machine that a probe means. */
export function probePort({ httpGet, tcpSocket }: Probe, container: Container, ports: PodPorts): number {
  const wanted = (httpGet ?? tcpSocket)!.port;
  const number = typeof wanted === 'number' ? wanted : container.ports?.find(({ name }) => name === wanted)?.containerPort;
  if (number === undefined) throw new Error(`the probe of container '${container.name}' names the port '${wanted}', which the container has not`);
  return ports[number] ?? number;
}

async function listening(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  });
}
