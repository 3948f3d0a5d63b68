import { Size } from 'cdk8s';
import { sizeQuantity } from '../common/quantities';
import { ClaimData, StorageData } from '../loop/storage';
import { requireValid } from '../problem/error';
import { dnsLabelProblem } from '../validate/dns';
import { absolutePathProblem } from '../validate/path';

/** Who may mount a claim at the same time. */
export enum StorageAccess {
  /** Pods of one node at a time. All pods of the axon that use the store must then share a node. */
  READ_WRITE_ONCE = 'ReadWriteOnce',
  /** Pods of all nodes. */
  READ_WRITE_MANY = 'ReadWriteMany',
}

/** Settings of a claim that the axon brings. */
export interface ClaimStorageProps {
  /** How much to ask for. */
  readonly size: Size;

  /**
   * Who may mount it at the same time.
   * @default StorageAccess.READ_WRITE_MANY
   */
  readonly access?: StorageAccess;

  /**
   * The class of storage.
   * @default - the cluster's default class
   */
  readonly storageClass?: string;

  /**
   * The claim's name.
   * @default - the axon's name and 'store', joined by a dash
   */
  readonly name?: string;
}

/** Where an axon keeps data and models: every run in a folder of its own that never changes afterwards. */
export class Storage {
  /** A claim that comes with the axon, and that no tool prunes with it. */
  public static claim(props: ClaimStorageProps): Storage {
    return new Storage({ claim: props });
  }

  /** A claim that exists already. Its access modes are not known here. */
  public static existingClaim(name: string): Storage {
    return new Storage({ existing: objectName('name', name) });
  }

  /**
   * A folder of the node, for machines with one node; it must exist. It becomes a volume of the cluster
   * that the axon's claim is bound to, so the pods themselves mount no folder of their node; making it
   * takes the permission to create PersistentVolumes.
   */
  public static hostPath(path: string): Storage {
    requireValid('path', path, absolutePathProblem(path));
    return new Storage({ hostPath: path });
  }

  private constructor(private readonly kind: StorageKind) {
    if (kind.claim?.name !== undefined) {
      objectName('name', kind.claim.name);
    }
  }

  /** @internal */
  public _toData(axon: string, namespace: string): StorageData {
    const { claim: props, existing, hostPath } = this.kind;
    if (existing !== undefined) {
      return { claimName: existing };
    }
    const claim: ClaimData = {
      name: props?.name ?? `${axon}-store`,
      access: props?.access ?? StorageAccess.READ_WRITE_MANY,
      storageClass: props?.storageClass,
      size: sizeQuantity(props?.size ?? NOMINAL),
      ...(hostPath !== undefined && { folder: { volume: `${namespace}-${axon}-store`, path: hostPath } }),
    };
    return { claimName: claim.name, claim };
  }
}

/** A folder has no size of its own, but a volume must have one. */
const NOMINAL = Size.gibibytes(10);

interface StorageKind {
  readonly claim?: ClaimStorageProps;
  readonly existing?: string;
  readonly hostPath?: string;
}

function objectName(prop: string, name: string): string {
  requireValid(prop, name, dnsLabelProblem(name));
  return name;
}
