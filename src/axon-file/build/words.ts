
/** Properties of a construct, and the keys of the file that they come from, as paths in its section. */
export type Words = Readonly<Record<string, string>>;

/** What a message of ours consists of. */
export interface Parts {
  readonly prop: string;
  readonly got: string;
  /** What follows the value. */
  readonly rest: string;
}

/** Takes a message apart. */
export function partsOf(text: string): Parts | undefined {
  const match = /^'([^']+)' \((.*?)\) (?=[a-z])(.*)$/s.exec(text);
  return match === null ? undefined : { prop: match[1], got: match[2], rest: match[3] };
}

/**
 * A message of a construct in the words of a file: its properties become keys, and what its remedy
 * says about TypeScript becomes what to write in YAML.
 */
export function inFileWords(text: string, words: Words): string {
  const parts = partsOf(text);
  if (parts === undefined) {
    return inYaml(text);
  }
  const rest = parts.rest.replace(/'([A-Za-z]+)'/g, (quoted, prop: string) => (Object.hasOwn(words, prop) ? `'${keyOf(words[prop])}'` : quoted));
  const prop = Object.hasOwn(words, parts.prop) ? keyOf(words[parts.prop]) : parts.prop;
  return `'${prop}' (${parts.got}) ${inYaml(rest)}`;
}

/** The last key of a path. */
function keyOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

const YAML: readonly (readonly [RegExp, string])[] = [
  [/is minimized, but its name reads as larger is better, maximize it or rename it/, "is minimized, but its name reads as larger is better, add 'lossMetricSelector: greater' or rename it"],
  [/is maximized, but its name reads as smaller is better, minimize it or rename it/, "is maximized, but its name reads as smaller is better, remove 'lossMetricSelector' or rename it"],
  [/add a 'Trigger\.rest\(…\)'/, "add a trigger of type 'Rest'"],
  [/use StorageAccess\.READ_WRITE_MANY/, "use 'ReadWriteMany'"],
  [/or 'Schedule\.cron\(…\)'/, "or a 'schedule'"],
  [/make the parameter a 'float'/, "make it a 'UniformFloat'"],
  [/use the model graph's 'deploy\(\)' instead/, "deploy it by a 'deployer'"],
  [/add a Sensor$/, 'add a sensor'],
  [/route a path, as 'Route\.to\(.*\)'/, 'add a route'],
  [/use 'Backend\.of\(…\)'/, 'add one'],
  [/by betterThanLive/, "by a condition of type 'BetterThanLive'"],
];

function inYaml(text: string): string {
  return YAML.reduce((all, [construct, file]) => all.replace(construct, file), text);
}
