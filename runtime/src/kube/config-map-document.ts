import { setTimeout as delay } from 'node:timers/promises';
import type { Documents } from '../contract/documents.js';
import { checkDocument, readDocument } from '../contract/read.js';
import { hasCode, MyelinError } from '../shared/errors.js';
import { KINDS, type KubeClient, type KubeObject, type KubeOwner } from './client.js';

/** How often a change is tried before giving up: others that win each time are a fault, not load. */
const TRIES = 60;

/** Longest wait between two tries, in milliseconds. */
const LONGEST_WAIT = 100;

export interface ConfigMapObject extends KubeObject {
  data?: Record<string, string>;
  immutable?: boolean;
}

/** A contract document in a ConfigMap, changed only by compare-and-swap. */
export class ConfigMapDocument<Name extends 'ledger' | 'release'> {
  /**
   * @param empty the document when there is none yet
   * @param labels of the ConfigMap, when it is made
   * @param owners of the ConfigMap, when it is made
   */
  constructor(
    private readonly kube: KubeClient,
    private readonly document: Name,
    private readonly configMap: string,
    private readonly key: string,
    private readonly empty: () => Documents[Name],
    private readonly labels?: Readonly<Record<string, string>>,
    private readonly owners?: readonly KubeOwner[],
  ) {}

  /** The document as it is now; `empty()` when there is none. Fails if what is there is no such document. */
  async read(): Promise<Documents[Name]> {
    return this.parsed(await this.stored());
  }

  /**
   * Applies the pure change until it sticks. The change may be called again, with newer content; returning the same object writes nothing.
   * Fails if the result is no valid document, or if others change it at every try.
   */
  async change<R>(apply: (current: Documents[Name]) => { next: Documents[Name]; result: R }, signal?: AbortSignal): Promise<R> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const stored = await this.stored();
      const current = this.parsed(stored);
      const { next, result } = apply(current);
      if (next === current) return result;
      checkDocument(this.document, next, this.place);
      try {
        await this.write(stored, JSON.stringify(next));
        return result;
      } catch (error) {
        if (!hasCode(error, 'MYELIN_KUBE_CONFLICT') && !hasCode(error, 'MYELIN_KUBE_EXISTS')) throw error;
      }
      await delay(Math.random() * Math.min(LONGEST_WAIT, 2 ** attempt), undefined, { signal });
    }
    throw new MyelinError('MYELIN_KUBE_CONTENDED', { object: this.place, tries: TRIES });
  }

  private get place(): string {
    return `ConfigMap ${this.configMap}, ${this.key}`;
  }

  private stored(): Promise<ConfigMapObject | undefined> {
    return this.kube.get<ConfigMapObject>(KINDS.ConfigMap, this.configMap);
  }

  private parsed(stored: ConfigMapObject | undefined): Documents[Name] {
    const text = stored?.data?.[this.key];
    return text === undefined ? this.empty() : readDocument(this.document, text, this.place);
  }

  private async write(stored: ConfigMapObject | undefined, text: string): Promise<void> {
    if (stored !== undefined) {
      await this.kube.replace<ConfigMapObject>(KINDS.ConfigMap, { ...stored, data: { ...stored.data, [this.key]: text } });
      return;
    }
    await this.kube.create<ConfigMapObject>(KINDS.ConfigMap, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: this.configMap,
        ...(this.labels !== undefined && { labels: { ...this.labels } }),
        ...(this.owners !== undefined && { ownerReferences: [...this.owners] }),
      },
      data: { [this.key]: text },
    });
  }
}
