/** One zone of the rule import/no-restricted-paths: files of `target` may not import from `from`, but for `except`. */
interface Zone {
  readonly target: string;
  readonly from: string;
  readonly except?: string[];
  readonly message: string;
}

/**
 * The rooms of src/ in the order of knowledge: a room may import itself and the groups to its left, but no
 * neighbour in its group. ARCHITECTURE.md draws it.
 */
export const SRC_GROUPS = [
  ['contract', 'crd', 'problem'],
  ['validate'],
  ['promql'],
  ['loop'],
  ['manifests'],
  ['common'],
  ['source', 'storage', 'metrics'],
  ['image'],
  ['task'],
  ['routing'],
  ['tuning', 'serving'],
  ['sensing'],
  ['platform'],
  ['axon.ts'],
  ['axon-file'],
];

/** What a room must not import although it lies to its left. */
const NEVER: Record<string, string[]> = {
  // What was declared has no field of a manifest.
  loop: ['crd'],
};

/** Only `Axon` and `Platform` make manifests. All other constructs declare. */
for (const room of ['source', 'storage', 'metrics', 'image', 'task', 'routing', 'tuning', 'serving', 'sensing', 'axon-file']) {
  NEVER[room] = ['crd', 'manifests'];
}

/** Rooms of the runtime that only calculate: no Node module, no clock, no chance, no network. */
export const PURE_ROOMS = [
  'runtime/src/tuning/algorithms',
  'runtime/src/serving/dataplane',
  'runtime/src/ledger',
  'runtime/src/release/plan*',
];

/** What was declared, and the manifests that are made of it: plain data and pure functions, without a construct. */
export const PLAIN_DATA_FILES = ['src/loop/**/*.ts', 'src/manifests/**/*.ts', 'src/problem/**/*.ts', 'src/crd/**/*.ts'];

/** The rooms of the runtime that touch the world; what only calculates may not reach it through them either. */
const WORLDLY_ROOMS = [
  'runtime/src/kube',
  'runtime/src/sensing',
  'runtime/src/serving/protocol',
  'runtime/src/serving/worker',
  'runtime/src/tuning/study',
  'runtime/src/tuning/controller',
];

/** The globs that match the files of the pure rooms, be the room a folder or one file. */
export const PURE_FILES = PURE_ROOMS.flatMap(room => (room.endsWith('*') ? [`${room}.ts`, `${room}/**/*.ts`] : [`${room}/**/*.ts`, `${room}.ts`]));

/** The whole law as zones; lint and the test of the law read it here. */
export function importZones(): Zone[] {
  return [...srcZones(), ...borderZones(), ...pureZones()];
}

function srcZones(): Zone[] {
  return SRC_GROUPS.flatMap((group, position) => {
    const left = SRC_GROUPS.slice(0, position).flat();
    return group.map(room => {
      const others = left.filter(other => !NEVER[room]?.includes(other));
      return {
        target: `./src/${room}`,
        from: './src',
        except: [room, ...others].map(allowed => `./${allowed}`),
        message: `src/${room} may import ${others.length > 0 ? `itself and ${others.join(', ')}` : 'no other room'}`,
      };
    });
  });
}

function borderZones(): Zone[] {
  const constructs = 'constructs and runtime never import each other, share what both need through contract/';
  return [
    { target: './src', from: './runtime', message: constructs },
    { target: './src', from: './cli', message: 'constructs do not know the command line' },
    { target: './runtime', from: './src', message: constructs },
    { target: './runtime', from: './lib', message: constructs },
    { target: './runtime', from: './cli', message: 'the runtime does not know the command line' },
    { target: './cli', from: './src', message: 'import the constructs as the package cdk8s-myelin' },
    { target: './cli', from: './runtime/src', message: 'import the runtime as the package @cdk8s-myelin/runtime' },
  ];
}

function pureZones(): Zone[] {
  return PURE_FILES.flatMap(target => WORLDLY_ROOMS.map(from => ({
    target: `./${target}`,
    from: `./${from}`,
    message: 'this room only calculates: hand it what it needs as an argument',
  })));
}
