import { Artifact } from '../crd/argo-workflows';
import { SecretKeyRef } from '../crd/kube';
import { ProblemDetail } from '../problem/problem';

/*
 * What the public values of the rooms (source, image, storage) come down to: plain data, so that
 * the loop can hold it without knowing those rooms.
 */

export interface SourceData {
  /** Where the build step mounts it. */
  readonly path: string;
  readonly revision: string;
  /** Whether the revision names the same content for ever. */
  readonly pinned: boolean;
  _toArtifact(): Artifact;
}

export interface ResolvedImage {
  /** By tag or digest; for an image that a step of the run builds, what it is pushed as. */
  readonly reference: string;
  readonly command?: string[];
  readonly build?: ImageBuild;
  /** Set when the reference can come to mean other content: why. */
  readonly mutable?: ProblemDetail;
}

export interface ImageBuild {
  readonly source: SourceData;
  /** Absolute, inside the build step. */
  readonly context: string;
  /** Relative to the context; absent for a folder without one. */
  readonly dockerfile?: string;
  /** The image to build upon, for a folder without Dockerfile. */
  readonly builder?: string;
}

export interface ResolvedStorage {
  /** The claim that everything mounts. */
  readonly claimName: string;
  /** The claim to make; absent when it exists. */
  readonly claim?: ClaimSpec;
}

export interface ClaimSpec {
  readonly name: string;
  readonly access: 'ReadWriteOnce' | 'ReadWriteMany';
  readonly storageClass?: string;
  readonly size: string;
  /** The folder of the node that the claim is bound to, by a volume that comes with it. */
  readonly folder?: { readonly volume: string; readonly path: string };
}

/** The settings with every default filled in. */
export interface ResolvedPlatform {
  readonly eventBus: string;
  readonly gateway: { readonly name: string; readonly namespace?: string };
  readonly hosts: string[];
  readonly registry: string;
  readonly registryCredentials?: SecretKeyRef;
  readonly imageBuilder: { readonly address?: string };
  readonly prometheus: string;
  readonly monitoringNamespace: string;
  readonly istioNamespace: string;
  readonly monitoringLabels: Readonly<Record<string, string>>;
  readonly pushgateway?: URL;
  readonly webhookToken: SecretKeyRef;
  readonly alertToken?: SecretKeyRef;
}
