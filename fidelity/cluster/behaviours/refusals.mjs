// Sends the requests of refusals.yaml and prints what the API server answers: codes, reasons and its own words.
import { apply, ask, document, get, NAMESPACE, patch, written } from './kube.mjs';

const { stands, requests } = document('refusals.yaml');
const LARGE = 'x'.repeat(1024 * 1024 + 1);
const filled = (value, version) => JSON.parse(JSON.stringify(value).replaceAll('NS', NAMESPACE).replaceAll('VERSION', version)
  .replaceAll('LONG', 'a'.repeat(254)).replaceAll('MEGABYTE', LARGE));

/** A text of the API server without uids and versions of this cluster; those that were sent stay. */
function stable(message, resourceVersion) {
  return message.replaceAll(resourceVersion, 'VERSION').replaceAll(NAMESPACE, 'NS')
    .replace(/(?<=in record \()[^)]*|(?<=UID in object meta: )\S*/g, 'ITS OWN');
}

await apply(...filled(stands, ''));
const { metadata: { resourceVersion } } = await get('ConfigMap', 'there');
await patch('ConfigMap', 'there', { data: { a: '2' } });
const refusals = [];
for (const { name, ...request } of requests) {
  const { as, header, method, path, type, body } = filled(request, resourceVersion);
  const sent = type ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
  const who = as === undefined ? {} : { 'impersonate-user': `system:serviceaccount:${NAMESPACE}:${as}`, 'impersonate-group': 'system:authenticated' };
  const { status, body: answer } = header === undefined
    ? await ask(method, path, body, { 'content-type': sent, ...who }) : await ask(method, path, body, { authorization: header }, process.env.SERVER);
  const { reason, message = typeof answer === 'string' ? answer : undefined } = answer;
  refusals.push({ name, status, ...(status >= 400 && { reason, message: stable(message, resourceVersion) }) });
}
process.stdout.write(written({ refusals }));
