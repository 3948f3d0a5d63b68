import { PlatformData } from './platform';
import { SourceData } from './source';

/** What a container runs: a ready image, or one that is built from source. */
export interface ImageData {
  /** By tag or digest; of an image that a run builds, the tag that the build pushes. */
  readonly reference: string;
  /** @default - the command of the image */
  readonly command?: string[];
  /** Set when the image is built from source, wherever that happens. */
  readonly recipe?: RecipeData;
}

/** How an image is built. */
export interface RecipeData {
  /** Absent when neither the image nor the axon names one, which is an error. */
  readonly source?: SourceData;
  /** The folder that the build sees, absolute, inside the build step. */
  readonly context: string;
  /** Relative to the context; absent for a folder without one. */
  readonly dockerfile?: string;
  /** The base image of a folder without Dockerfile. */
  readonly builder?: string;
}

/** The recipe of an image that a step of the run builds; undefined when it is ready, or built outside the cluster. */
export function builtInRun(image: ImageData, platform: PlatformData): RecipeData | undefined {
  return platform.builder === undefined ? undefined : image.recipe;
}
