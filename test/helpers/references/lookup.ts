import { Manifest } from '../manifests';
import { documents, Inventory } from './inventory';

/*
 * Finds objects, templates and events by what they hold and not by how they are named: the names are what is checked.
 */

/** The only object of that kind that belongs to an axon. */
export function objectOf(inventory: Inventory, kind: string, axon: string, namespace: string): Manifest | undefined {
  const found = inventory.ofKind(kind).filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.['myelin.io/axon'] === axon);
  return found.length === 1 ? found[0] : undefined;
}

/** The templates of an axon. */
export function templatesOf(inventory: Inventory, axon: string, namespace: string): Manifest[] {
  return objectOf(inventory, 'WorkflowTemplate', axon, namespace)?.spec.templates ?? [];
}

/** The document of that sort that a predicate picks out of those of an axon. */
export function documentFor(
  inventory: Inventory, by: Manifest, key: string, axon: string, matches: (document: Manifest) => boolean = () => true,
): Manifest | undefined {
  const found = documents(inventory, key).find(({ object, document }) => (
    document.axon === axon && object.metadata.namespace === by.metadata.namespace && matches(document)));
  if (found === undefined) {
    inventory.report(by, `names ${key} of axon '${axon}', which no ConfigMap holds`);
  }
  return found?.document;
}

/** The template that runs a program of the runtime, with an argument where there are several. */
export function templateOfProgram(templates: Manifest[], program: string, argument?: string): Manifest | undefined {
  return templates.find(({ container }) => container?.args?.[0] === program && (argument === undefined || container.args.includes(argument)));
}

/** The graph of a sensor: the one whose gate, or whose deployment where there is no gate, takes the sensor as an argument. */
export function graphOf(templates: Manifest[], sensor: string): Manifest | undefined {
  return templates.find(({ dag }) => dag?.tasks.some((task: Manifest) => (task.arguments?.parameters ?? [])
    .some((parameter: Manifest) => parameter.name === 'sensor' && parameter.value === sensor)));
}

/** The template that runs a step: a search, a deployment, or user code with a folder of the task. */
export function templateOfStep(templates: Manifest[], step: string): Manifest | undefined {
  return templateOfProgram(templates, 'tune', `--task=${step}`) ?? templateOfProgram(templates, 'deploy', `--model=${step}`)
    ?? templates.find(({ container }) => container?.env?.some(({ name, value }: Manifest) => name === 'DATA_PATH' && value.split('/').at(-2) === step));
}

/** The permissions of an account, over all that is bound to it. */
export function rulesOf(inventory: Inventory, account: string | undefined, namespace: string): Manifest[] {
  return inventory.ofKind('RoleBinding')
    .filter(({ metadata, subjects }) => metadata.namespace === namespace && subjects.some(({ name }: Manifest) => name === account))
    .flatMap(({ roleRef }) => inventory.get('Role', roleRef.name, namespace)?.rules ?? []);
}
