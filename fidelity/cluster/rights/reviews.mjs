// Asks the API server what the accounts of an axon may do: all that they did, and nothing of what would be a way to more.
import { readFileSync } from 'node:fs';
import { kubectl } from '../lib/kubectl.mjs';

const AXON = 'rights';
const PROGRAMS = ['deploy', 'emit', 'events', 'gate', 'sensor', 'serve', 'sweep', 'task', 'tune'];
const account = (program) => (program === 'bootstrap' ? 'myelin-bootstrap' : `${AXON}-${program}`);

/** What no step of a loop needs: secrets, other identities, other pods, permissions, what others keep, other namespaces. */
const NEVER = [
  ...['get', 'list', 'watch', 'create', 'update', 'delete'].map((verb) => ({ verb, resource: 'secrets' })),
  ...['create', 'delete', 'update'].map((verb) => ({ verb, resource: 'pods' })),
  { verb: 'create', resource: 'pods', subresource: 'exec' },
  { verb: 'get', resource: 'pods', subresource: 'log' },
  { verb: 'create', resource: 'serviceaccounts', subresource: 'token' },
  { verb: 'impersonate', resource: 'serviceaccounts' },
  ...['create', 'update', 'bind', 'escalate'].flatMap((verb) => ['roles', 'rolebindings'].map((resource) => (
    { verb, resource, group: 'rbac.authorization.k8s.io' }))),
  ...['update', 'patch'].map((verb) => ({ verb, resource: 'configmaps', name: 'other-ledger' })),
  ...['update', 'patch', 'delete'].map((verb) => ({ verb, resource: 'virtualservices', name: 'other-routes', group: 'networking.istio.io' })),
  ...['delete', 'update'].map((verb) => ({ verb, resource: 'workflows', group: 'argoproj.io' })),
  ...['create', 'update', 'patch'].map((verb) => ({ verb, resource: 'workflowtemplates', group: 'argoproj.io' })),
  ...['get', 'list', 'create'].map((verb) => ({ verb, resource: 'configmaps', namespace: 'default' })),
  { verb: 'list', resource: 'namespaces', namespace: '' },
];

function subject(namespace, { program, namespace: elsewhere, group = '', resource, subresource, verb, name }) {
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${namespace}:${account(program)}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      resourceAttributes: { namespace: elsewhere ?? namespace, group, resource, subresource, verb, name },
    },
  };
}

/** Asks for all in one go; gives how many answers are wrong, and prints them. */
export async function review(namespace, file) {
  const allowed = JSON.parse(readFileSync(file, 'utf8')).allowed.map(({ name, resource, ...asked }) => {
    const [kind, subresource] = resource.split('/');
    return { ...asked, resource: kind, subresource, name: name?.replace('<axon>', AXON), wanted: true };
  });
  const refused = PROGRAMS.flatMap((program) => NEVER.map((asked) => ({ ...asked, program, wanted: false })));
  const asked = [...allowed, ...refused];
  const input = asked.map((each) => JSON.stringify(subject(namespace, each))).join('\n---\n');
  const answers = documents(await kubectl(['create', '--validate=false', '-f', '-', '-o', 'json'], { input }));
  if (answers.length !== asked.length) throw new Error(`${asked.length} questions, ${answers.length} answers`);
  const wrong = asked.filter(({ wanted }, index) => answers[index].status.allowed !== wanted);
  for (const { program, verb, resource, subresource, name = '', wanted } of wrong) {
    console.log(`DIFFERS: ${program} may ${wanted ? 'not ' : ''}${verb} ${[resource, subresource].filter(Boolean).join('/')} ${name}`);
  }
  console.log(`${allowed.length} used rights are granted, ${refused.length} others, asked for ${PROGRAMS.length} accounts, are not; `
    + `${wrong.length} differences`);
  return wrong.length;
}

/** kubectl prints documents one after another, each with its last brace alone on a line, or as one list. */
function documents(text) {
  const found = text.split(/^}$/m).filter((part) => part.trim() !== '').map((part) => JSON.parse(`${part}}`));
  return found.length === 1 && found[0].kind === 'List' ? found[0].items : found;
}
