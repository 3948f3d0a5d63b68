// Writes the TypeScript of the contract for both sides. Usage: node contract/generate.mjs [--check]
import { readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const CONTRACT = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(CONTRACT);
const HEADER = [
  '// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.',
  '/* eslint-disable */',
  '',
].join('\n');
const PRINT = { printWidth: 150, singleQuote: true, bracketSpacing: true, trailingComma: 'all' };

const json = (name) => JSON.parse(readFileSync(join(CONTRACT, name), 'utf8'));

/** All schema files by name without the ending, in a fixed order. */
function readSchemas() {
  const files = readdirSync(CONTRACT).filter((file) => file.endsWith('.schema.json')).sort();
  return Object.fromEntries(files.map((file) => [file.replace('.schema.json', ''), json(file)]));
}

const definitionName = (ref) => ref.slice(ref.lastIndexOf('/') + 1);
const isScalar = (schema) => !schema.oneOf && schema.type !== 'object';

/**
 * The schema as the compiler should see it. A reference to a text or a number becomes that type, a reference to anything with a
 * structure becomes the name of its type: left alone, a reference beside a description makes the compiler write a numbered copy.
 * Rules between keys (if, not) say nothing that TypeScript can hold.
 */
function typed(node, definitions) {
  if (Array.isArray(node)) return node.map((entry) => typed(entry, definitions));
  if (node === null || typeof node !== 'object') return node;
  if (typeof node.$ref === 'string') {
    const name = definitionName(node.$ref);
    const { $ref, ...own } = node;
    const target = definitions[name];
    if (!target) throw new Error(`'${node.$ref}' refers to no definition, add it or correct the name`);
    if (isScalar(target)) return typed({ ...target, ...own }, definitions);
    return { description: target.description, ...own, tsType: name };
  }
  const { if: _if, then: _then, else: _else, allOf, discriminator: _discriminator, propertyNames: _propertyNames, ...rest } = node;
  if (allOf && !allOf.every((entry) => entry.if)) throw new Error("'allOf' may only hold conditions, write the properties out");
  if (rest.oneOf) delete rest.type, delete rest.required;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, typed(value, definitions)]));
}

async function documents(schemas) {
  const definitions = {};
  for (const [file, schema] of Object.entries(schemas)) {
    for (const [name, definition] of Object.entries(schema.$defs)) {
      if (definitions[name]) throw new Error(`'${name}' in ${file}.schema.json is defined twice, rename one of them`);
      definitions[name] = definition;
    }
  }
  const named = Object.entries(definitions).filter(([, definition]) => !isScalar(definition));
  const roots = Object.entries(schemas).filter(([, schema]) => schema.$ref);
  const bundle = {
    title: 'Documents',
    description: 'Every document of the contract by name.',
    type: 'object',
    additionalProperties: false,
    required: roots.map(([file]) => file),
    properties: Object.fromEntries(roots.map(([file, schema]) => [file, typed({ $ref: schema.$ref }, definitions)])),
    $defs: Object.fromEntries(named.map(([name, definition]) => [name, { title: name, ...typed(definition, definitions) }])),
  };
  const text = await compile(bundle, 'Documents', {
    bannerComment: '', unreachableDefinitions: true, ignoreMinAndMaxItems: true, additionalProperties: false, style: PRINT,
  });
  return `${HEADER}\n${tidied(text)}\n`;
}

/** Without the compiler's remarks about where a type came from, and with one-line comments on one line. */
function tidied(text) {
  return text.trim()
    .replace(/^ *\*\n *\* This interface was referenced by [^\n]*\n *\* via the `definition` [^\n]*\n/gm, '')
    .replace(/^( *)\/\*\*\n *\* ([^\n]*)\n *\*\//gm, '$1/** $2 */')
    .replace(/\}\n(?=\/\*\*|export)/g, '}\n\n')
    .replace(/;\n(?=\/\*\*|export)/g, ';\n\n');
}

const literal = (value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function names(schemas, known) {
  const contract = schemas.common.$defs.Contract.const;
  const { storedName, metrics } = json('metrics.json');
  const { reservedPrefixes, variables } = environment(known);
  const reserved = variables.filter(({ source = 'runtime' }) => source === 'runtime');
  const constants = (entries) => entries.map(([key, doc, value]) => `  /** ${doc} */\n  ${key}: ${literal(value)},`);
  return [
    HEADER,
    '/** Version of the contract that these types describe. */',
    `export const CONTRACT_VERSION = ${contract};`,
    '',
    '/** Names of the metrics that the runtime exposes. */',
    'export const METRIC = {',
    ...constants(metrics.map(({ name, help }) => [name.replace(/^myelin_/, '').toUpperCase(), help, name])),
    '} as const;',
    '',
    '/** Type, help and labels of those metrics. */',
    'export const METRIC_DECLARATIONS = [',
    ...metrics.map(({ name, type, help, labels, buckets }) => [
      `  { name: ${literal(name)}, type: ${literal(type)}, help: ${literal(help)}, labels: [${labels.map(literal).join(', ')}]`,
      buckets ? `, buckets: [${buckets.join(', ')}]` : '', ' },',
    ].join('')),
    '] as const;',
    '',
    '/** Names of the environment variables that user code sees; a name that ends in _PREFIX is completed by the user of it. */',
    'export const ENVIRONMENT = {',
    ...constants(variables.map(({ name, suffix, description }) => [suffix ? `${name}PREFIX` : name, description, name])),
    '} as const;',
    '',
    '/** Values of the variables that are the same everywhere. */',
    'export const ENVIRONMENT_VALUE = {',
    ...constants(variables.filter(({ value }) => value !== undefined).map(({ name, description, value }) => [name, description, value])),
    '} as const;',
    '',
    'const RESERVED_VARIABLES: ReadonlySet<string> = new Set([',
    ...reserved.filter(({ suffix }) => suffix === undefined).map(({ name }) => `  ${literal(name)},`),
    ']);',
    `const RESERVED_PREFIXES = [${[...reservedPrefixes, ...reserved.filter(({ suffix }) => suffix !== undefined).map(({ name }) => name)].map(literal).join(', ')}];`,
    '',
    '/** Whether user code must not set the variable, because the runtime sets it or may set it. */',
    'export function isReservedVariable(name: string): boolean {',
    '  return RESERVED_VARIABLES.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));',
    '}',
    '',
    '/** Name under which Prometheus stores a metric that user code of an axon reports. */',
    'export function storedMetricName(metric: string, axon: string): string {',
    `  return (metric + ${literal(storedName.separator)} + axon).replaceAll(${literal(storedName.replace)}, ${literal(storedName.by)});`,
    '}',
    '',
  ].join('\n');
}

/** The variables of user code, with the constants of constants.json filled into their values. */
function environment(known) {
  const { reservedPrefixes, variables } = json('environment.json');
  return { reservedPrefixes, variables: variables.map((variable) => ({ ...variable, ...variableValue(variable, known) })) };
}

function variableValue({ name, value, example }, known) {
  if ((value === undefined) === (example === undefined)) throw new Error(`'${name}' in environment.json must have either 'value' or 'example'`);
  if (value === undefined) return {};
  return {
    value: value.replace(PLACEHOLDER, (placeholder, constant) => {
      if (!known.has(constant)) throw new Error(`'${placeholder}' of '${name}' in environment.json is no text in constants.json, add it or correct the name`);
      return known.get(constant);
    }),
  };
}

/** `<NAME>` is another constant, `<name>` a parameter: a text with parameters is a function. */
const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_]*)>/g;
const isUpper = (name) => name === name.toUpperCase();

/** The TypeScript value of a constant; the parameters that it still needs. */
function constantValue({ name, value, pattern, flags = '', schema }, { known, definitions }) {
  if ([value, pattern, schema].filter((kind) => kind !== undefined).length !== 1) {
    throw new Error(`'${name}' must have exactly one of 'value', 'pattern' and 'schema'`);
  }
  if (value === undefined) {
    const source = pattern ?? definitions[schema]?.pattern;
    if (source === undefined) throw new Error(`'${schema}' of '${name}' is no definition with a pattern in common.schema.json, add it or correct the name`);
    return { text: `${new RegExp(source, flags)}`, parameters: [] };
  }
  if (typeof value === 'object') return { text: `frozen(${objectText(value)})`, parameters: [] };
  if (typeof value === 'number') return { text: `${value}`, parameters: [] };
  const parameters = [...new Set([...value.matchAll(PLACEHOLDER)].map(([, placeholder]) => placeholder))].filter((placeholder) => !isUpper(placeholder));
  const whole = value.replace(PLACEHOLDER, (placeholder, other) => {
    if (!isUpper(other)) return `\${${other}}`;
    if (!known.has(other)) throw new Error(`'${placeholder}' of '${name}' is no constant above it, add it or correct the name`);
    return known.get(other);
  });
  return { text: parameters.length > 0 ? `\`${whole}\`` : literal(whole), whole, parameters };
}

function objectText(value) {
  if (Array.isArray(value)) return `[${value.map(objectText).join(', ')}]`;
  if (typeof value === 'string') return literal(value);
  if (typeof value !== 'object') return `${value}`;
  return `{ ${Object.entries(value).map(([key, entry]) => `${/^\w+$/.test(key) ? key : literal(key)}: ${objectText(entry)}`).join(', ')} }`;
}

function constantsModule(schemas) {
  const world = { known: new Map(), definitions: schemas.common.$defs };
  const taken = new Set();
  const take = (name) => {
    if (taken.has(name)) throw new Error(`'${name}' in constants.json is declared twice, rename one of them`);
    taken.add(name);
  };
  const single = (constant) => {
    const { name, description } = constant;
    const { text, whole, parameters } = constantValue(constant, world);
    if (isUpper(name) === parameters.length > 0) throw new Error(`'${name}' must be upper case as a constant and camel case as a function`);
    take(name);
    if (whole !== undefined) world.known.set(name, whole);
    return parameters.length === 0
      ? [`/** ${description} */`, `export const ${name} = ${text};`]
      : [`/** ${description} */`, `export function ${name}(${parameters.map((parameter) => `${parameter}: string`).join(', ')}): string {`, `  return ${text};`, '}'];
  };
  const object = ({ name, type, description, constants }) => {
    const names = constants.map((constant) => constant.name);
    if (new Set(names).size < names.length) throw new Error(`'${name}' in constants.json declares a name twice, rename one of them`);
    take(name);
    return [
      `/** ${description} */`,
      `export const ${name} = {`,
      ...constants.flatMap((constant) => [`  /** ${constant.description} */`, `  ${constant.name}: ${constantValue(constant, world).text},`]),
      '} as const;',
      ...(type === undefined ? [] : ['', `/** One of ${name}. */`, `export type ${type} = (typeof ${name})[keyof typeof ${name}];`]),
    ];
  };
  const groups = json('constants.json').groups
    .map((group) => (group.name === undefined ? [`// ${group.description}`, '', ...group.constants.flatMap((constant) => [...single(constant), ''])] : [...object(group), '']));
  return { text: [HEADER, ...groups.flat(), ...FROZEN].join('\n'), known: world.known };
}

const FROZEN = [
  'function frozen<T extends object>(value: T): T {',
  '  for (const entry of Object.values(value)) {',
  "    if (typeof entry === 'object' && entry !== null) frozen(entry);",
  '  }',
  '  return Object.freeze(value);',
  '}',
  '',
];

/** Code that both sides run, by name: pure files without imports, copied as they are. */
function codeModules() {
  const files = readdirSync(join(CONTRACT, 'code')).sort();
  return files.map((file) => {
    const text = readFileSync(join(CONTRACT, 'code', file), 'utf8');
    if (/^(import|export .* from) /m.test(text)) throw new Error(`'contract/code/${file}' must import nothing, because it is copied`);
    return [file, `${HEADER}\n${text}`];
  });
}

function schemaModule(schemas) {
  const entries = Object.entries(schemas).map(([file, schema]) => `  ${literal(file)}: ${JSON.stringify(schema)},`);
  return [HEADER, '/** The schemas themselves, by document: the image holds no contract/ folder. */', 'export const SCHEMAS = {', ...entries, '};', ''].join('\n');
}

const schemas = readSchemas();
const documentsText = await documents(schemas);
const { text: constantsText, known } = constantsModule(schemas);
const namesText = names(schemas, known);
const outputs = {
  'src/contract/constants.ts': constantsText,
  'src/contract/documents.ts': documentsText,
  'src/contract/names.ts': namesText,
  'runtime/src/contract/constants.ts': constantsText,
  'runtime/src/contract/documents.ts': documentsText,
  'runtime/src/contract/names.ts': namesText,
  'runtime/src/contract/schemas.ts': schemaModule(schemas),
  ...Object.fromEntries(['src/contract', 'runtime/src/contract'].flatMap((folder) => codeModules().map(([file, text]) => [`${folder}/${file}`, text]))),
};

const current = (path) => {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
};
const stale = Object.entries(outputs).filter(([path, text]) => current(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} does not match contract/, run \`node contract/generate.mjs\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`wrote ${path}`);
  }
}
