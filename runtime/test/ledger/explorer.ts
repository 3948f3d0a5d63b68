/** A step that a state of the world may take. */
export interface Step<State> {
  readonly label: string;
  readonly next: State;
}

/** How many distinct states were visited, and how many steps were tried from them. */
export interface Explored {
  readonly states: number;
  readonly steps: number;
}

/**
 * Visits every state that can be reached, each once. What `look` throws is thrown with the steps that led there.
 *
 * @param key equal for states from which the same can happen
 */
export function explore<State>(
  start: State, key: (state: State) => string, steps: (state: State) => Step<State>[], look: (state: State) => void,
): Explored {
  const cameFrom = new Map<string, { readonly before?: string; readonly label: string }>([[key(start), { label: 'start' }]]);
  const todo = [start];
  let tried = 0;
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    const here = key(state);
    try {
      look(state);
      for (const { label, next } of steps(state)) {
        tried++;
        const there = key(next);
        if (cameFrom.has(there)) continue;
        cameFrom.set(there, { before: here, label });
        todo.push(next);
      }
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\nafter ${wayTo(cameFrom, here).join(', ')}`, { cause: error });
    }
  }
  return { states: cameFrom.size, steps: tried };
}

function wayTo(cameFrom: ReadonlyMap<string, { readonly before?: string; readonly label: string }>, there: string): string[] {
  const way: string[] = [];
  for (let at: string | undefined = there; at !== undefined; at = cameFrom.get(at)!.before) way.unshift(cameFrom.get(at)!.label);
  return way;
}
