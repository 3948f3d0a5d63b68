import { Construct } from 'constructs';
import { Axon } from '../../axon';
import { markWarningsReported } from '../../common/warnings';
import { identifier, parameterNameProblem } from '../../loop/names';
import { IPlatform } from '../../platform/platform';
import { Storage } from '../../storage/storage';
import { Report } from '../report';
import { AxonKeys, SpecKeys } from '../schema/axon-shape';
import { axonAccount } from './accounts';
import { buildArtifacts } from './artifacts';
import { attempt } from './attempt';
import { Builder } from './builder';
import { buildDeployers } from './deployers';
import { buildSensors } from './sensors';
import { buildStorage } from './storage';
import { buildTasks } from './tasks';
import { podOptions, texts } from './values';

/** What a file does not say about its axon. */
export interface Surroundings {
  readonly namespace?: string;
  readonly platform?: IPlatform;
  readonly runtimeImage?: string;
}

/** Makes the axon of a document, with all its parts. When the report has errors afterwards, it is good for nothing. */
export function buildAxon(scope: Construct, keys: AxonKeys, report: Report, surroundings: Surroundings): Axon {
  const { metadata, spec } = keys;
  const parameters = readParameters(spec, report);
  const storage = spec && buildStorage(spec, report);
  const axon = makeAxon(scope, keys, report, { ...surroundings, parameters, storage });
  const builder = new Builder(axon, report);
  const name = metadata?.name;
  if (name !== undefined && identifier(name.value) !== name.value && identifier(name.value) === axon.identifier) {
    report.warning(name.place, 'name-format', 'name', name.value, `becomes '${axon.identifier}' in every object`, 'write it so');
  }
  if (spec === undefined) {
    return axon;
  }
  const { artifacts = [], tasks = [], sensors = [] } = spec;
  buildArtifacts(artifacts, builder);
  buildTasks(tasks, builder);
  buildDeployers(sensors, builder);
  buildSensors(sensors, builder);
  builder.incomplete ||= spec.sensors === undefined;
  builder.reportProblems({ keys: keys.$, words: WORDS });
  return axon;
}

interface Ingredients extends Surroundings {
  readonly parameters: Record<string, string>;
  readonly storage?: Storage;
}

const WORDS = {
  axonName: 'metadata.name',
  namespace: 'metadata.namespace',
  parameters: 'spec.parameters',
  sensors: 'spec.sensors',
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
  pod: 'spec.pod',
  stepPod: 'spec.stepPod',
};

function makeAxon(scope: Construct, { metadata, spec, $ }: AxonKeys, report: Report, { namespace: given, ...ingredients }: Ingredients): Axon {
  const written = metadata?.namespace;
  if (written !== undefined && given !== undefined && written.value !== given) {
    report.error(written.place, 'other-namespace', 'namespace', written.value, `is not the namespace asked for (${given})`, 'leave it out, or do not ask for another');
  }
  const id = metadata?.name?.value;
  if (id !== undefined) {
    const namespace = written?.value ?? given;
    const account = spec && axonAccount(spec, report);
    const axon = attempt(report, { keys: $, words: { ...WORDS, ...account?.words } }, () => new Axon(scope, id, {
      ...ingredients,
      ...account?.props,
      namespace,
      labels: texts(metadata?.labels),
      annotations: texts(metadata?.annotations),
      pod: podOptions(spec?.pod),
      stepPod: podOptions(spec?.stepPod),
    }));
    if (axon !== undefined) {
      markWarningsReported(axon);
      return axon;
    }
    scope.node.tryRemoveChild(id);
  }
  // Stands in, so that the rest of the file is looked at, too; what refers to parameters must find them.
  const parameters = Object.keys(ingredients.parameters).filter((name) => parameterNameProblem(name) === undefined);
  return new Axon(scope, `axon at ${$.place.start}`, { namespace: 'default', parameters: Object.fromEntries(parameters.map((name) => [name, ''])) });
}

function readParameters(spec: SpecKeys | undefined, report: Report): Record<string, string> {
  const found = new Map<string, string>();
  for (const { name, value } of spec?.parameters ?? []) {
    if (name !== undefined && found.has(name.value)) {
      report.error(name.place, 'duplicate', 'name', name.value, 'is the name of another parameter', 'rename one of them');
    } else if (name !== undefined) {
      found.set(name.value, value?.value ?? '');
    }
  }
  return Object.fromEntries(found);
}
