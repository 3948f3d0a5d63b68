import { PodVolume } from '../../../contract/documents';
import { configKeyProblem, dnsSubdomainProblem } from '../../../validate/dns';
import { relativePathProblem } from '../../../validate/path';
import { resourceProblem } from '../../../validate/quantity';
import { suggest } from '../../../validate/suggest';
import { Finding, found, foundBy, missing, notOneOf } from './finding';

type Source = Readonly<Record<string, any>>;

/** The types of volumes that Pod Security `restricted` admits, and what each must hold. */
const TYPES: Readonly<Record<string, (at: string, source: Source) => Finding[]>> = {
  secret: (at, { secretName, items, defaultMode }) => [...named(`${at}.secretName`, secretName), ...fileFindings(at, items, defaultMode)],
  configMap: (at, { name, items, defaultMode }) => [...named(`${at}.name`, name), ...fileFindings(at, items, defaultMode)],
  persistentVolumeClaim: (at, { claimName }) => named(`${at}.claimName`, claimName),
  emptyDir: (at, { medium, sizeLimit }) => [
    ...(medium === undefined || medium === '' || /^HugePages(-.+)?$/.test(medium) ? [] : notOneOf(`${at}.medium`, medium, ['Memory'])),
    ...(sizeLimit === undefined ? [] : foundBy(`${at}.sizeLimit`, sizeLimit, resourceProblem('storage', sizeLimit))),
  ],
  downwardAPI: (at, { items, defaultMode }) => [...downwardFindings(`${at}.items`, items), ...modeFindings(`${at}.defaultMode`, defaultMode)],
  projected: (at, { sources = [], defaultMode }) => [
    ...(sources.length === 0 ? [found(`${at}.sources`, sources, 'empty', 'must hold a source', 'add one')] : []),
    ...sources.flatMap((source: Source, index: number) => typedFindings(`${at}.sources[${index}]`, source, PROJECTED)),
    ...twinFindings(`${at}.sources`, sources.flatMap(projectedPaths)),
    ...modeFindings(`${at}.defaultMode`, defaultMode),
  ],
  csi: (at, { driver }) => named(`${at}.driver`, driver),
  ephemeral: (at, { volumeClaimTemplate }) => [
    ...missing(`${at}.volumeClaimTemplate`, volumeClaimTemplate, "write the claim's spec below it"),
    ...(volumeClaimTemplate === undefined ? [] : claimFindings(`${at}.volumeClaimTemplate.spec`, volumeClaimTemplate.spec)),
  ],
};

const PROJECTED: typeof TYPES = {
  secret: (at, { name, items }) => [...named(`${at}.name`, name), ...fileFindings(at, items)],
  configMap: TYPES.configMap,
  downwardAPI: TYPES.downwardAPI,
  serviceAccountToken: (at, { path, expirationSeconds }) => [
    ...pathFindings(`${at}.path`, path),
    ...(expirationSeconds === undefined || (expirationSeconds >= 600 && expirationSeconds <= 2 ** 32) ? []
      : [found(`${at}.expirationSeconds`, expirationSeconds, 'out-of-range', 'must be from 600 to 4294967296', expirationSeconds < 600 ? 'raise it' : 'lower it')]),
  ],
};

/** Checks what a volume is made of: exactly one source, of an admitted type. */
export function sourceFindings(at: string, { name, ...sources }: PodVolume): Finding[] {
  return typedFindings(at, sources, TYPES);
}

function typedFindings(at: string, sources: Source, types: typeof TYPES): Finding[] {
  const given = Object.keys(sources).filter((type) => sources[type] !== undefined);
  const [type, second] = given;
  if (type === undefined) {
    return [found(at, sources, 'required', 'has no type', `add one of ${Object.keys(types).join(', ')}`)];
  }
  if (second !== undefined) {
    return [found(at, given.join(' and '), 'exclusive', 'are several types, and a volume has one', 'remove all but one')];
  }
  return Object.hasOwn(types, type) ? types[type](`${at}.${type}`, sources[type])
    : [found(at, type, 'restricted', "is a type of volume that Pod Security 'restricted' rejects", suggest(type, Object.keys(types)))];
}

function named(at: string, name: string | undefined): Finding[] {
  const absent = missing(at, name, 'name it');
  return absent.length > 0 ? absent : foundBy(at, name, dnsSubdomainProblem(name!));
}

function fileFindings(at: string, items: readonly Source[] = [], defaultMode?: number): Finding[] {
  return [
    ...items.flatMap(({ key = '', path, mode }, index) => [
      ...foundBy(`${at}.items[${index}].key`, key, configKeyProblem(key)),
      ...pathFindings(`${at}.items[${index}].path`, path),
      ...modeFindings(`${at}.items[${index}].mode`, mode),
    ]),
    ...modeFindings(`${at}.defaultMode`, defaultMode),
  ];
}

function downwardFindings(at: string, items: readonly Source[] = []): Finding[] {
  return items.flatMap(({ path, mode, fieldRef, resourceFieldRef }, index) => [
    ...pathFindings(`${at}[${index}].path`, path),
    ...modeFindings(`${at}[${index}].mode`, mode),
    ...((fieldRef === undefined) === (resourceFieldRef === undefined)
      ? [found(`${at}[${index}]`, path, 'exclusive', "must have exactly one of 'fieldRef' and 'resourceFieldRef'", fieldRef === undefined ? 'add one' : 'remove one')] : []),
    ...(fieldRef === undefined || FIELD.test(fieldRef.fieldPath) ? []
      : [found(`${at}[${index}].fieldRef.fieldPath`, fieldRef.fieldPath, 'not-one-of', `must be one of ${FIELDS.join(', ')}, or one label or annotation`,
        "write one of these, as 'metadata.labels'")]),
    ...(resourceFieldRef === undefined ? [] : [
      ...missing(`${at}[${index}].resourceFieldRef.containerName`, resourceFieldRef.containerName, 'name the container'),
      ...(RESOURCE.test(resourceFieldRef.resource) ? [] : [found(`${at}[${index}].resourceFieldRef.resource`, resourceFieldRef.resource, 'not-one-of',
        'must be the request or limit of cpu, memory or ephemeral-storage', "write it as 'limits.memory'")]),
    ]),
  ]);
}

/** The fields of a pod that a file can show. */
const FIELDS = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.labels', 'metadata.annotations'];
const FIELD = /^metadata\.(name|namespace|uid|(labels|annotations)(\['[^']+'\])?)$/;
const RESOURCE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/;

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** Checks the claim that is made with a pod. */
function claimFindings(at: string, { accessModes = [], volumeMode, resources }: Source = {}): Finding[] {
  const place = `${at}.resources.requests.storage`;
  const size = resources?.requests?.storage;
  return [
    ...(accessModes.length === 0 ? [found(`${at}.accessModes`, accessModes, 'empty', 'must hold an access mode', "write ['ReadWriteOnce']")] : []),
    ...accessModes.flatMap((mode: string, index: number) => notOneOf(`${at}.accessModes[${index}]`, mode, ACCESS_MODES)),
    // A container mounts a file system only.
    ...notOneOf(`${at}.volumeMode`, volumeMode, ['Filesystem']),
    ...missing(place, size, "write the size, as '10Gi'"),
    ...(size === undefined || size === '' ? [] : foundBy(place, size, resourceProblem('storage', size))),
  ];
}

/** The files of a source whose names the source chooses. */
function projectedPaths({ secret, configMap, downwardAPI, serviceAccountToken }: Source): string[] {
  const items = [secret, configMap, downwardAPI].flatMap((source) => source?.items ?? []);
  return [...items, ...(serviceAccountToken ? [serviceAccountToken] : [])].map(({ path }) => path);
}

function twinFindings(at: string, paths: readonly string[]): Finding[] {
  const twin = paths.find((path, index) => path !== undefined && paths.indexOf(path) < index);
  return twin === undefined ? [] : [found(at, twin, 'duplicate', 'is the name of two files', 'rename one of them')];
}

function pathFindings(at: string, path: string | undefined): Finding[] {
  const absent = missing(at, path, 'name the file');
  return absent.length > 0 ? absent : foundBy(at, path, relativePathProblem(path!));
}

function modeFindings(at: string, mode: number | undefined): Finding[] {
  return mode === undefined || (Number.isInteger(mode) && mode >= 0 && mode <= 0o777) ? []
    : [found(at, mode, 'out-of-range', 'must be file permissions from 0 to 511 (0777)', "write them in octal, as '0o440'")];
}
