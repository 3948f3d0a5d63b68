import { App, Chart, ChartProps, Yaml } from 'cdk8s';

/** A synthesised object, or a part of one, read as the API server would: without our types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Manifest = any;

/** A chart in an app of its own. */
export function testChart(props: ChartProps = {}, id: string = 'test'): Chart {
  return new Chart(new App(), id, props);
}

/** The objects of the charts, as plain JSON. */
export function synthesise(...charts: Chart[]): Manifest[] {
  return charts.flatMap((chart) => JSON.parse(JSON.stringify(chart.toJson())));
}

export function toYaml(objects: Manifest[]): string {
  return Yaml.stringify(...objects);
}

/** The one object of that kind, and of that name where there are several. */
export function find(objects: Manifest[], kind: string, name?: string): Manifest {
  const found = objects.filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`${found.length} objects are ${kind} ${name ?? ''}, among ${objects.map((object) => `${object.kind}/${object.metadata.name}`).join(' ')}`);
  }
  return found[0];
}

/** The contract document of a ConfigMap. */
export function documentOf(objects: Manifest[], name: string): Manifest {
  const [text, ...others] = Object.values(find(objects, 'ConfigMap', name).data) as string[];
  if (others.length > 0) {
    throw new Error(`ConfigMap ${name} holds ${others.length + 1} documents`);
  }
  return JSON.parse(text);
}

/** A template of the only WorkflowTemplate. */
export function templateOf(objects: Manifest[], name: string): Manifest {
  const templates = find(objects, 'WorkflowTemplate').spec.templates;
  const found = templates.find((template: Manifest) => template.name === name);
  if (found === undefined) {
    throw new Error(`no template ${name} among ${templates.map((template: Manifest) => template.name).join(' ')}`);
  }
  return found;
}

/** The messages of a refused synthesis, each without the path that cdk8s puts before it. */
export function refusals(chart: Chart): string[] {
  try {
    chart.toJson();
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split('\n');
    if (!head.startsWith('Validation failed')) {
      throw error;
    }
    return lines.map((line) => line.replace(/^\s*\[[^\]]*\] /, ''));
  }
  return [];
}

/** What a declaration is refused with. */
export function messageOf(declare: () => unknown): string {
  try {
    declare();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was refused';
}
