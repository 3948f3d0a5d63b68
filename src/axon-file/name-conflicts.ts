import { NamedContent, NamedObject, sameName, sameObjects } from '../common/name-problems';
import { identifier } from '../loop/names';
import { Problem } from '../problem/problem';
import { AxonFileProblem } from './axon-file-problem';
import { Report } from './report';
import { Leaf } from './schema/shape';

/** An axon of a file. */
export interface NamedAxon {
  readonly report: Report;
  readonly name: Leaf<string>;
  readonly namespace: string;
  /** Its objects. Empty where the file has errors. */
  readonly objects: readonly NamedContent[];
}

/** The keys that the properties in messages come from. */
const WORDS = { axonName: 'metadata.name', namespace: 'metadata.namespace', serviceAccountName: 'spec.serviceAccountName' };

/** Finds axons that would overwrite each other in one cluster: those of one name in one namespace, and those that create an object of one name. */
export function nameConflicts(axons: readonly NamedAxon[]): AxonFileProblem[] {
  const names = new Map<string, NamedAxon>();
  const objects = new Map<string, { readonly axon: NamedAxon; readonly content: string }>();
  return axons.flatMap((axon) => {
    const name = identifier(axon.name.value);
    const twin = firstOf(names, `${axon.namespace}/${name}`, axon);
    return twin !== axon
      ? [atName(axon, sameName('', { name: axon.name.value, namespace: axon.namespace }, labelOf(twin)))]
      : [...conflictsOf(axon, objects)].map(([other, found]) => atName(axon, sameObjects('', found, labelOf(other))));
  });
}

/** The objects of an axon that earlier axons create with other content, by axon. */
function conflictsOf(axon: NamedAxon, known: Map<string, { readonly axon: NamedAxon; readonly content: string }>): Map<NamedAxon, NamedObject[]> {
  const found = new Map<NamedAxon, NamedObject[]>();
  for (const object of axon.objects) {
    const first = firstOf(known, object.text, { axon, content: object.content });
    if (first.content !== object.content) {
      found.set(first.axon, [...found.get(first.axon) ?? [], object]);
    }
  }
  return found;
}

function firstOf<T>(known: Map<string, T>, key: string, value: T): T {
  const first = known.get(key) ?? value;
  known.set(key, first);
  return first;
}

function atName({ report, name }: NamedAxon, problem: Problem): AxonFileProblem {
  return report.problemAt(name.place, problem, WORDS);
}

function labelOf({ report: { source }, name }: NamedAxon): string {
  return `the axon in ${source.file}:${source.position(name.place.start).line}`;
}
