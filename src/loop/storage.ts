/** Where an axon keeps data and models. */
export interface StorageData {
  /** The claim that every pod mounts. */
  readonly claimName: string;
  /** The claim to make; absent when it exists already. */
  readonly claim?: ClaimData;
}

/** A PersistentVolumeClaim that the axon creates. */
export interface ClaimData {
  readonly name: string;
  readonly access: 'ReadWriteOnce' | 'ReadWriteMany';
  readonly storageClass?: string;
  /** A Kubernetes quantity in its canonical form. */
  readonly size: string;
  /** The folder of the node that the claim is bound to, and the volume that stands for it. */
  readonly folder?: { readonly volume: string; readonly path: string };
}
