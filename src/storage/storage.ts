import { Size } from 'cdk8s';
import { IPersistentVolumeClaim, PersistentVolumeAccessMode, PersistentVolumeClaim } from 'cdk8s-plus-27';
import { sizeQuantity } from '../common/quantities';
import { requireSameNamespace } from '../common/same-namespace';
import { AccessMode, StorageData } from '../loop/storage';
import { invalid, requireValid } from '../problem/error';
import { dnsLabelProblem } from '../validate/dns';
import { absolutePathProblem } from '../validate/path';

/** Options of a claim that the axon creates. */
export interface ClaimOptions {
  /** The size of the volume. */
  readonly size: Size;

  /**
   * The access mode: READ_WRITE_MANY, or READ_WRITE_ONCE, with which all pods that use the store run on one node.
   * @default PersistentVolumeAccessMode.READ_WRITE_MANY
   */
  readonly accessMode?: PersistentVolumeAccessMode;

  /**
   * The name of the storage class.
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * The name of the claim.
   * @default - the name of the axon and 'store', joined by a dash
   */
  readonly claimName?: string;
}

/** The volume that holds the data and the models of an axon. Every run has its own folders, which never change afterwards. */
export class Storage {
  /** A claim that the axon creates. GitOps tools do not prune it when the axon is removed. */
  public static claim(options: ClaimOptions): Storage {
    const { size, claimName, storageClassName: storageClass } = options;
    if (claimName !== undefined) {
      requireValid('claimName', claimName, dnsLabelProblem(claimName));
    }
    const access = options.accessMode === undefined ? READ_WRITE_MANY : usable('accessMode', options.accessMode);
    return new Storage((axon) => created({ name: claimName ?? `${axon}-store`, access, storageClass, size: sizeQuantity(size) }));
  }

  /**
   * A claim of the namespace of the axon: one that exists already, or one that the app creates. Where the app creates it with READ_WRITE_ONCE, all pods that use the store run
   * on one node. The access mode of an imported claim is unknown, so nothing keeps its pods together.
   */
  public static fromClaim(claim: IPersistentVolumeClaim): Storage {
    const { name } = claim;
    requireValid('claim', name, dnsLabelProblem(name));
    const [first, ...others] = (claim as Partial<PersistentVolumeClaim>).accessModes ?? [];
    const access = first === undefined ? undefined : usable('claim.accessModes', first, ...others);
    return new Storage((_, namespace) => {
      requireSameNamespace('storage', 'a claim', claim, namespace);
      return { claimName: name, access };
    });
  }

  /**
   * A folder of the node, for clusters with one node. The folder must exist. The axon creates a PersistentVolume for it, to which only the
   * axon's claim binds, so no pod mounts a folder of its node.
   */
  public static hostPath(path: string): Storage {
    requireValid('path', path, absolutePathProblem(path));
    return new Storage((axon, namespace) => created({
      name: `${axon}-store`, access: READ_WRITE_MANY, size: NOMINAL, folder: { volume: `${namespace}-${axon}-store`, path },
    }));
  }

  private constructor(
    /** @internal */
    readonly _toData: (axon: string, namespace: string) => StorageData,
  ) {}
}

const READ_WRITE_MANY = 'ReadWriteMany';

/** A folder has no size of its own, but a volume must have one. */
const NOMINAL = '10Gi';

function created(claim: NonNullable<StorageData['claim']>): StorageData {
  return { claimName: claim.name, access: claim.access, claim };
}

/** The access that a claim of several modes gives to the pods of an axon. */
function usable(prop: string, ...modes: string[]): AccessMode {
  if (modes.includes(READ_WRITE_MANY)) {
    return READ_WRITE_MANY;
  }
  if (modes.includes('ReadWriteOnce')) {
    return 'ReadWriteOnce';
  }
  const rule = modes.includes('ReadWriteOncePod') ? 'admits one pod, and tasks, trials and servers share the store' : 'lets no pod write';
  throw invalid('not-one-of', prop, modes.join(', '), rule, 'use READ_WRITE_MANY, or READ_WRITE_ONCE to run all pods on one node');
}
