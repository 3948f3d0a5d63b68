/** Names that Argo gives: a pod is found again by its node's name alone, so an engine that was killed before it noted the pod meets it. */

/** The id of a node: the Workflow's name for the root, else with the FNV-1a hash of the node's name. */
export function nodeId(workflow: string, node: string): string {
  return node === workflow ? workflow : `${workflow}-${fnv1a(node)}`;
}

/** The name of a node's Pod. */
export function podName(workflow: string, node: string, template: string): string {
  return node === workflow ? workflow : `${`${workflow}-${template}`.slice(0, LONGEST_PREFIX)}-${fnv1a(node)}`;
}

/** The name of the node that runs a node's exit hook. */
export function exitNode(node: string): string {
  return `${node}.onExit`;
}

/** 253 characters of a name, less the ten digits of the hash and its dash. */
const LONGEST_PREFIX = 242;

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  // The hash is defined over bits.
  /* eslint-disable no-bitwise */
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
  /* eslint-enable no-bitwise */
}
