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
    ...modeFindings(`${at}.defaultMode`, defaultMode),
  ],
  csi: (at, { driver }) => named(`${at}.driver`, driver),
  ephemeral: (at, { volumeClaimTemplate }) => [
    ...missing(`${at}.volumeClaimTemplate`, volumeClaimTemplate, "write the claim's spec below it"),
    ...(volumeClaimTemplate === undefined ? [] : missing(`${at}.volumeClaimTemplate.spec.resources.requests.storage`,
      volumeClaimTemplate.spec?.resources?.requests?.storage, "write the size, as '10Gi'")),
  ],
};

const PROJECTED: typeof TYPES = {
  secret: (at, { name, items }) => [...named(`${at}.name`, name), ...fileFindings(at, items)],
  configMap: TYPES.configMap,
  downwardAPI: TYPES.downwardAPI,
  serviceAccountToken: (at, { path, expirationSeconds }) => [
    ...pathFindings(`${at}.path`, path),
    ...(expirationSeconds === undefined || expirationSeconds >= 600 ? []
      : [found(`${at}.expirationSeconds`, expirationSeconds, 'out-of-range', 'must be at least 600', 'raise it')]),
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
  ]);
}

function pathFindings(at: string, path: string | undefined): Finding[] {
  const absent = missing(at, path, 'name the file');
  return absent.length > 0 ? absent : foundBy(at, path, relativePathProblem(path!));
}

function modeFindings(at: string, mode: number | undefined): Finding[] {
  return mode === undefined || (Number.isInteger(mode) && mode >= 0 && mode <= 0o777) ? []
    : [found(at, mode, 'out-of-range', 'must be file permissions from 0 to 511 (0777)', "write them in octal, as '0o440'")];
}
