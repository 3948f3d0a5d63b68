/**
 * What a container asks of its node and may use at most. Values are Kubernetes quantities;
 * extended resources such as `nvidia.com/gpu` belong into `limits`.
 */
export interface ComputeResources {
  /**
   * What the scheduler sets aside, by resource name: `{ cpu: '500m', memory: '1Gi' }`.
   * @default - the limits, as Kubernetes has it
   */
  readonly requests?: Record<string, string>;

  /**
   * What the container may not exceed, by resource name: `{ memory: '4Gi', 'nvidia.com/gpu': '1' }`.
   * @default - no limit
   */
  readonly limits?: Record<string, string>;
}
