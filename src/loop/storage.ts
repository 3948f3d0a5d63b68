/** The access modes with which several pods can write. */
export type AccessMode = 'ReadWriteOnce' | 'ReadWriteMany';

/** Where an axon keeps data and models. */
export interface StorageData {
  /** The claim that every pod mounts. */
  readonly claimName: string;
  /** The access mode of the claim; absent when it is unknown. */
  readonly access?: AccessMode;
  /** The claim to create; absent when it exists already. */
  readonly claim?: ClaimData;
}

/** A PersistentVolumeClaim that the axon creates. */
export interface ClaimData {
  readonly name: string;
  readonly access: AccessMode;
  readonly storageClass?: string;
  /** A Kubernetes quantity in its canonical form. */
  readonly size: string;
  /** The folder of the node to which the claim is bound, and the volume that represents it. */
  readonly folder?: { readonly volume: string; readonly path: string };
}
