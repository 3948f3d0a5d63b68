import { invalid } from '../problem/error';

/** Who builds the images that an axon declares by their source. */
export class ImageBuilder {
  /**
   * A step of the run builds each image with BuildKit, before the task that needs it, and
   * the task runs the image by the digest that came out.
   *
   * @param address the `buildkitd` to use; it is installed beside the engines, in a namespace of its own
   */
  public static buildkit(address: string): ImageBuilder {
    if (!/^(tcp|unix|kube-pod|docker-container):\/\/\S+$/.test(address)) {
      throw invalid('url-format', 'address', address, 'must be the address of a buildkitd', "write it as 'tcp://host:port'");
    }
    return new ImageBuilder(address);
  }

  /**
   * Something outside the cluster (the CI of the code's repository) builds and pushes
   * `<registry>/<repository>:<revision>`; the manifests only name it.
   */
  public static external(): ImageBuilder {
    return new ImageBuilder(undefined);
  }

  private constructor(
    /** The address of the `buildkitd`; absent when images are built elsewhere. */
    public readonly address?: string,
  ) {}
}
