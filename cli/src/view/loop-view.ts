import { styleText } from 'node:util';
import { DOCUMENT_KEY, type LedgerDocument, readDocument, type ReleaseDocument } from '@cdk8s-myelin/runtime';
import type { Objects } from '../pocket/controller.js';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import type { Streams } from '../terminal.js';
import { bracketsLine, rungs } from './brackets.js';
import { type Happening, happenings, type Scene, type Tone } from './happening.js';
import { Screen } from './screen.js';

/** Changes come in bursts; they are told together, in milliseconds. */
const BURST = 100;

const MARKS: Readonly<Record<Tone, readonly [mark: string, style: 'dim' | 'green' | 'yellow' | 'red']>> = {
  plain: ['·', 'dim'], good: ['✓', 'green'], odd: ['!', 'yellow'], bad: ['✗', 'red'],
};

export interface LoopViewOptions {
  readonly objects: Objects;
  readonly streams: Streams;
  /** Further lines of the footer. */
  readonly footer?: () => readonly string[];
}

/** Tells what happens in the loop: a line for each thing that happened, and on a terminal what goes on right now. */
export class LoopView {
  private readonly told = new Set<string>();
  private readonly started = Date.now();
  private readonly screen: Screen;
  private readonly unwatch: (() => void)[] = [];
  private readonly waiting = new Set<() => void>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly options: LoopViewOptions) {
    this.screen = new Screen(options.streams, () => [...this.searches(), ...(options.footer?.() ?? [])]);
  }

  /** Begins to tell; what happened before is taken for known. */
  public start(): void {
    happenings(this.scene()).forEach(({ id }) => this.told.add(id));
    for (const kind of ['Workflow', 'ConfigMap', 'Job']) {
      this.unwatch.push(this.options.objects.watch(kind, () => this.soon()));
    }
    this.screen.start();
  }

  public stop(): void {
    this.unwatch.splice(0).forEach((end) => end());
    clearTimeout(this.timer);
    this.tellNews();
    this.screen.stop();
  }

  /** What a run does is told again: it starts anew. */
  public forget(uid: string): void {
    [...this.told].filter((id) => id.startsWith(`${uid} `)).forEach((id) => this.told.delete(id));
  }

  public tell(tone: Tone, text: string): void {
    const [mark, style] = MARKS[tone];
    const at = `${((Date.now() - this.started) / 1000).toFixed(1).padStart(6)} s`;
    this.screen.line(this.options.streams.stdout.isTTY && !this.options.streams.env.NO_COLOR
      ? `${styleText('dim', at)} ${styleText(style, mark)} ${text}`
      : `${at} ${mark} ${text}`);
  }

  /** Resolves with what `look` finds in the loop, now or after a change; rejects with the signal's reason. */
  public async until<T>(look: (scene: Scene) => T | undefined, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const found = look(this.scene());
      if (found !== undefined) {
        return found;
      }
      await new Promise<void>((resolve) => {
        const go = () => {
          this.waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.waiting.add(go);
        signal.addEventListener('abort', go);
      });
    }
  }

  public scene(): Scene {
    const { objects } = this.options;
    const configMaps = objects.list('ConfigMap');
    return {
      workflows: objects.list('Workflow'),
      jobs: objects.list('Job'),
      ledgers: configMaps.flatMap((map) => documentOf<LedgerDocument>('ledger', map, DOCUMENT_KEY.LEDGER)),
      releases: configMaps.flatMap((map) => documentOf<ReleaseDocument>('release', map, DOCUMENT_KEY.RELEASES)),
    };
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.tellNews();
      [...this.waiting].forEach((go) => go());
    }, BURST);
  }

  private tellNews(): void {
    happenings(this.scene()).filter(({ id }) => !this.told.has(id)).forEach((happening: Happening) => {
      this.told.add(happening.id);
      this.tell(happening.tone, happening.text);
    });
  }

  /** A line for each search that goes on. */
  private searches(): string[] {
    const { workflows, jobs } = this.scene();
    const active = new Set(workflows.filter(({ status }) => status?.phase === 'Running').map(({ metadata }) => metadata.name));
    const going = rungs(jobs).filter(({ run }) => active.has(run));
    const searches = [...new Set(going.map(({ run, task }) => `${run} ${task}`))];
    return searches.map((key) => `         search of ${key.split(' ')[1]}  ${bracketsLine(going.filter(({ run, task }) => `${run} ${task}` === key))}`);
  }
}

function documentOf<T>(name: 'ledger' | 'release', { data, metadata }: KubeObject, key: string): T[] {
  const text: string | undefined = data?.[key];
  return text === undefined ? [] : [readDocument(name, text, `${metadata.name}/${key}`) as T];
}
