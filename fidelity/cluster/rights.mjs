// What the ServiceAccounts of axons asked of the API server, in namespaces whose names begin so: node rights.mjs AUDIT_LOG PREFIX
// One line for each program, kind and verb. Nothing of a run is kept: of names only those that follow from the axon's.
import { createReadStream, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const [log, prefix] = process.argv.slice(2);
const ACCOUNT = /^system:serviceaccount:([^:]+):(.+)-(bootstrap|deploy|emit|events|gate|sensor|serve|sweep|task|tune)$/;
/** Endings of the names of objects that every axon has one of. */
const KNOWN = ['axon', 'ledger', 'releases', 'routes'];
/** A request for these is judged without a name, whatever it makes. */
const NAMELESS = ['create', 'deletecollection', 'list', 'watch'];

/** The name as a Role of any axon would have it; undefined where a Role cannot know it. */
function known(axon, verb, name = '') {
  if (NAMELESS.includes(verb)) return undefined;
  if (name === 'myelin-webhook-token') return name;
  return KNOWN.some((ending) => name === `${axon}-${ending}`) ? name.replace(axon, '<axon>') : undefined;
}

/** All that was logged: the API server puts a log that is full aside, as audit-<time>.log. */
async function* logged() {
  const stem = basename(log, '.log');
  for (const name of readdirSync(dirname(log)).filter((each) => each.startsWith(stem) && each.endsWith('.log'))) {
    for await (const line of createInterface({ input: createReadStream(join(dirname(log), name)) })) {
      try {
        yield JSON.parse(line);
      } catch {
        // The line that is being written.
      }
    }
  }
}

const used = new Map();
for await (const event of logged()) {
  const [, namespace, axon, program] = ACCOUNT.exec(event.user?.username ?? '') ?? [];
  const { objectRef: asked, verb } = event;
  if (!namespace?.startsWith(prefix) || asked?.resource === undefined) continue;
  const refused = event.annotations?.['authorization.k8s.io/decision'] === 'forbid';
  const right = {
    program,
    group: asked.apiGroup ?? '',
    resource: asked.subresource === undefined ? asked.resource : `${asked.resource}/${asked.subresource}`,
    verb,
    ...(known(axon, verb, asked.name) && { name: known(axon, verb, asked.name) }),
    // In a namespace that is not the account's own nothing is granted.
    ...(asked.namespace !== namespace && { elsewhere: true }),
    ...(refused && { refused }),
  };
  used.set(JSON.stringify(right), right);
}

const order = ({ refused = false, program, group, resource, verb, name = '' }) => [refused, program, group, resource, verb, name].join(' ');
const rights = [...used.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
const lines = (list) => list.map((right) => `\n  ${JSON.stringify(right)}`).join(',');
const of = (wanted) => lines(rights.filter(({ refused = false }) => refused === wanted).map(({ refused, ...right }) => right));
process.stdout.write(`{"allowed":[${of(false)}\n],"refused":[${of(true)}]}\n`);
