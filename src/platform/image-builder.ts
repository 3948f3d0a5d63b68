import { invalid } from '../problem/error';

/** The builder of the images that an axon declares by their source. */
export class ImageBuilder {
  /**
   * A step of the run builds each image with BuildKit before the task that needs it. The task runs the image by its digest.
   *
   * @param address the address of a `buildkitd`, for instance `tcp://buildkitd.myelin-build.svc:1234`
   */
  public static buildkit(address: string): ImageBuilder {
    if (!/^(tcp|unix|kube-pod|docker-container):\/\/\S+$/.test(address)) {
      throw invalid('url-format', 'address', address, 'must be the address of a buildkitd', "write it as 'tcp://host:port'");
    }
    return new ImageBuilder(address);
  }

  /**
   * A system outside the cluster, for instance the CI of the code's repository, builds and pushes `<registry>/<repository>:<revision>`.
   */
  public static external(): ImageBuilder {
    return new ImageBuilder(undefined);
  }

  private constructor(
    /** The address of the `buildkitd`. Absent when images are built outside the cluster. */
    public readonly address?: string,
  ) {}
}
