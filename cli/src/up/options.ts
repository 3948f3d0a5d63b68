/** What `myelin up` can be told. */
export interface UpOptions {
  readonly state: string;
  readonly source: readonly string[];
  readonly namespace?: string;
  readonly port?: number;
  readonly metrics: 'auto' | 'embedded';
  readonly lenient?: boolean;
  readonly strict?: boolean;
  readonly keep?: boolean;
}
