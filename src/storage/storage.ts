import { Size } from 'cdk8s';
import { refuse } from '../private/errors';
import { ResolvedStorage } from '../private/resolved';
import { sizeQuantity } from '../private/size';
import { dnsLabelProblem } from '../private/validate/dns';
import { absolutePathProblem } from '../private/validate/path';

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

  /** A folder of the node: for machines with one node. The namespace must allow pods with Pod Security `privileged`. */
  public static hostPath(path: string): Storage {
    refuse('path', path, absolutePathProblem(path));
    return new Storage({ hostPath: path });
  }

  private constructor(private readonly kind: StorageKind) {
    if (kind.claim?.name !== undefined) {
      objectName('name', kind.claim.name);
    }
  }

  /** @internal */
  public _resolve(axon: string): ResolvedStorage {
    const props = this.kind.claim;
    const claim = props && {
      name: props.name ?? `${axon}-store`,
      access: props.access ?? StorageAccess.READ_WRITE_MANY,
      storageClass: props.storageClass,
      size: sizeQuantity(props.size),
    };
    const claimName = claim?.name ?? this.kind.existing;
    return {
      claim,
      claimName,
      hostPath: this.kind.hostPath,
      volume: claimName === undefined
        ? { name: 'store', hostPath: { path: this.kind.hostPath!, type: 'DirectoryOrCreate' } }
        : { name: 'store', persistentVolumeClaim: { claimName } },
    };
  }
}

interface StorageKind {
  readonly claim?: ClaimStorageProps;
  readonly existing?: string;
  readonly hostPath?: string;
}

function objectName(prop: string, name: string): string {
  refuse(prop, name, dnsLabelProblem(name));
  return name;
}
