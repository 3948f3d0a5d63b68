/** Aborted by Ctrl-C, SIGTERM or a closed terminal. A second Ctrl-C ends at once: the next start cleans up. */
export function onSignals(): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const stop = () => (controller.signal.aborted ? process.exit(130) : controller.abort(new Error('asked to end')));
  signals.forEach((signal) => process.on(signal, stop));
  return { signal: controller.signal, forget: () => signals.forEach((signal) => process.off(signal, stop)) };
}
