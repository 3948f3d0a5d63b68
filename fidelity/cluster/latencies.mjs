// What the Workflows of a namespace took, from `kubectl get workflows -o json` on the standard input.
let text = '';
for await (const part of process.stdin) text += part;
const seconds = (from, to) => ((Date.parse(to) - Date.parse(from)) / 1000).toFixed(0);
for (const { metadata, status } of JSON.parse(text).items) {
  const pods = Object.values(status.nodes ?? {}).filter(({ type }) => type === 'Pod').sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  const gaps = pods.slice(1).map((pod, index) => seconds(pods[index].finishedAt, pod.startedAt));
  console.log(`  ${metadata.name}: ${status.phase}, first step ${seconds(metadata.creationTimestamp, pods[0]?.startedAt)} s after it was made, `
    + `${pods.length} steps, waits between them ${gaps.join(', ') || 'none'} s, ${seconds(status.startedAt, status.finishedAt)} s in all`);
}
