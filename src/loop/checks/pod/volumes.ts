import { CONTRACT_PATH, STORE_PATH } from '../../../contract/constants';
import { PodVolume, PodVolumeMount } from '../../../contract/documents';
import { dnsLabelProblem } from '../../../validate/dns';
import { mountPathProblem, normalPath, relativePathProblem } from '../../../validate/path';
import { suggest } from '../../../validate/suggest';
import { Finding, found, foundBy, notOneOf } from './finding';
import { sourceFindings } from './volume-source';

/** Volumes of the pods of tasks, trials, servers and steps, and those of Argo Workflows. */
const RESERVED_NAMES = [
  'axon', 'executor-token', 'home', 'login', 'out', 'run', 'server', 'source', 'store', 'worker',
  'argo-env-config', 'argo-staging', 'input-artifacts', 'tmp-dir-argo', 'var-run-argo',
];
/** Volumes with the documents of searches and models. */
const DOCUMENTS = /^(study|model)-/;

/** Folders in which the loop, Argo Workflows or Kubernetes mount. */
const RESERVED_PATHS = [STORE_PATH, CONTRACT_PATH, '/myelin', '/argo', '/mainctrfs', '/var/run/argo', '/var/run/secrets/kubernetes.io/serviceaccount'];

/** Checks the volumes that are declared in one place. */
export function volumeFindings(volumes: readonly PodVolume[]): Finding[] {
  return volumes.flatMap((volume, index) => {
    const at = `volumes[${index}]`;
    const { name } = volume;
    const twin = volumes.findIndex((other) => other.name === name);
    return [
      ...foundBy(`${at}.name`, name, dnsLabelProblem(name)),
      ...(RESERVED_NAMES.includes(name) || DOCUMENTS.test(name)
        ? [found(`${at}.name`, name, 'reserved', 'is the name of a volume that the loop mounts itself', `rename it, as 'my-${name}'`)] : []),
      ...(twin < index ? [found(`${at}.name`, name, 'duplicate', `is the name of 'volumes[${twin}]', too`, 'rename one of them')] : []),
      ...sourceFindings(at, volume),
    ];
  });
}

/**
 * Checks the mounts that are declared in one place.
 * @param volumes the names of the volumes that they can mount
 * @param paths   more folders in which the loop mounts
 */
export function mountFindings(mounts: readonly PodVolumeMount[], volumes: readonly string[], paths: readonly string[] = []): Finding[] {
  const taken = [...RESERVED_PATHS, ...paths];
  return mounts.flatMap((mount, index) => {
    const at = `volumeMounts[${index}]`;
    const { name, mountPath, subPath, subPathExpr, mountPropagation } = mount;
    const path = normalPath(mountPath);
    const other = taken.find((own) => within(path, own) || within(own, path));
    const twin = mounts.slice(0, index).find((earlier) => normalPath(earlier.mountPath) === path);
    const format = mountPathProblem(mountPath);
    return [
      ...(volumes.includes(name) ? [] : [found(`${at}.name`, name, 'not-found', "is no volume of the pod's options",
        volumes.length === 0 ? "declare it under 'volumes'" : suggest(name, volumes))]),
      ...foundBy(`${at}.mountPath`, mountPath, format),
      ...(format === undefined && other !== undefined
        ? [found(`${at}.mountPath`, mountPath, 'reserved', `of the volume '${name}' lies at, above or below '${other}', where the loop mounts its own`,
          `mount it elsewhere, as '/${name}'`)] : []),
      ...(twin === undefined ? [] : [found(`${at}.mountPath`, mountPath, 'duplicate', `of the volume '${name}' is that of the volume '${twin.name}', too`,
        'mount one of them elsewhere')]),
      ...(subPath === undefined ? [] : foundBy(`${at}.subPath`, subPath, relativePathProblem(String(subPath)))),
      ...(subPathExpr === undefined ? [] : foundBy(`${at}.subPathExpr`, subPathExpr, relativePathProblem(String(subPathExpr)))),
      ...(subPath !== undefined && subPathExpr !== undefined
        ? [found(`${at}.subPathExpr`, subPathExpr, 'exclusive', "must be absent beside 'subPath'", 'remove one of them')] : []),
      // The third mode needs a privileged container.
      ...notOneOf(`${at}.mountPropagation`, mountPropagation, ['None', 'HostToContainer']),
    ];
  });
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
