import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { Storage } from '../../storage/storage';
import { Report } from '../report';
import { SpecKeys } from '../schema/axon-shape';
import { attempt } from './attempt';
import { existing } from './values';

const WORDS = { claimName: 'metadata.name' };

/** The store of an axon; undefined leaves it to the default, or to what has been complained about. */
export function buildStorage(spec: SpecKeys, report: Report): Storage | undefined {
  const { volume, volumeClaimTemplate: claim } = spec;
  if (spec.$.has('volume') && spec.$.has('volumeClaimTemplate')) {
    report.error(spec.$.at('volume'), 'exclusive', 'volume', 'a map', "contradicts 'volumeClaimTemplate': there is one store", 'remove one of them');
  }
  if (claim !== undefined) {
    const asked = claim.spec?.resources?.requests?.storage;
    const modes = claim.spec?.accessModes?.map(({ value }) => value) ?? [];
    return asked && attempt(report, { keys: claim.$, words: WORDS }, () => Storage.claim({
      claimName: claim.metadata?.name?.value,
      size: asked.value,
      // The values of the enum, which the schema allows. The enum itself would load all of cdk8s-plus-27.
      accessMode: (modes.includes('ReadWriteMany') ? undefined : modes[0]) as PersistentVolumeAccessMode | undefined,
      storageClassName: claim.spec?.storageClassName?.value,
    }));
  }
  if (volume === undefined) {
    return undefined;
  }
  const kinds = ['hostPath', 'persistentVolumeClaim', 'flexVolume'].filter((kind) => volume.$.has(kind));
  if (kinds.length !== 1) {
    report.error(volume.$.place, 'exclusive', 'volume', kinds.length === 0 ? 'nothing' : kinds.join(' and '),
      "must be exactly one of 'hostPath' and 'persistentVolumeClaim'", kinds.length === 0 ? 'add one' : 'remove one');
    return undefined;
  }
  const { hostPath, persistentVolumeClaim } = volume;
  if (hostPath?.path !== undefined) {
    return attempt(report, { keys: hostPath.$, words: {} }, () => Storage.hostPath(hostPath.path!.value));
  }
  const name = persistentVolumeClaim?.claimName;
  return name && attempt(report, { keys: persistentVolumeClaim.$, words: { claim: 'claimName' } }, () => Storage.fromClaim(existing(name.value)));
}
