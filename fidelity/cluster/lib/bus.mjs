// What the EventBus says of itself, from its servers' monitoring port: what it holds, and what it has yet to hand to the Sensor.
const MONITOR = 8222;

async function ask(pod) {
  const path = 'jsz?streams=true&consumers=true&config=true';
  const response = await fetch(`http://${pod.status.podIP}:${MONITOR}/${path}`, { signal: AbortSignal.timeout(5000) });
  return (await response.json()).account_details?.flatMap(({ stream_detail: streams }) => streams ?? []) ?? [];
}

/** Streams and consumers as their leaders see them; what has no leader now is not in it. */
export async function busState(loop) {
  const messages = new Map();
  const consumers = new Map();
  const pods = (await loop.pods('controller=eventbus-controller')).filter(({ status }) => status.podIP !== undefined && status.phase === 'Running');
  const answers = await Promise.all(pods.map(async (pod) => [pod.metadata.name, await ask(pod).catch(() => [])]));
  for (const [name, streams] of answers) {
    for (const stream of streams) {
      const leads = ({ cluster }) => cluster === undefined || cluster.leader === name;
      if (leads(stream)) messages.set(stream.name, stream.state.last_seq);
      for (const consumer of stream.consumer_detail ?? []) {
        if (!leads(consumer)) continue;
        const { config, num_pending: pending, num_ack_pending: unacknowledged, delivered } = consumer;
        const event = config.filter_subject?.split('.').pop();
        consumers.set(event, { pending, unacknowledged, delivered: delivered.consumer_seq });
      }
    }
  }
  const published = messages.get('default') ?? 0;
  const delivered = [...consumers.values()].reduce((sum, consumer) => sum + consumer.delivered, 0);
  // Each event has one consumer: what was delivered more often than published was delivered again.
  return { published, consumers, redelivered: Math.max(0, delivered - published) };
}

/** Whether each event that the Sensor depends on has a consumer: what is published before that is lost. */
export async function subscribed(loop) {
  const sensor = await loop.kube('get', 'sensor', loop.axon);
  const { consumers } = await busState(loop);
  return sensor.spec.dependencies.every(({ eventName }) => consumers.has(eventName));
}

/** What the Sensor has yet to take or to acknowledge, by event. */
export async function backlog(loop) {
  const { consumers } = await busState(loop);
  const open = [...consumers].map(([event, { pending, unacknowledged }]) => [event, pending + unacknowledged]);
  return Object.fromEntries(open.filter(([, count]) => count > 0));
}
