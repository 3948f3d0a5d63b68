import { ResourcesData } from '../loop/container';
import { invalid, requireValid } from '../problem/error';
import { isExtendedResource, requestExceedsLimit, resourceProblem } from '../validate/quantity';
import { ComputeResources } from './compute-resources';
import { sizeQuantity } from './quantities';

/** Resources as a file writes them. The quantities keep their spelling, and the checks of the loop report what is wrong with them. */
export class WrittenResources implements ComputeResources {
  declare public readonly extendedResources?: undefined;

  constructor(public readonly quantities: ResourcesData) {}
}

/** The quantities of a container's resources. */
export function resourcesData(resources: ComputeResources): ResourcesData {
  if (resources instanceof WrittenResources) {
    return resources.quantities;
  }
  const { cpu, memory, ephemeralStorage, extendedResources = {} } = resources;
  const amounts: Amount[] = [
    { prop: 'cpu', name: 'cpu', request: cpu?.request?.amount, limit: cpu?.limit?.amount },
    { prop: 'memory', name: 'memory', request: memory?.request && sizeQuantity(memory.request), limit: memory?.limit && sizeQuantity(memory.limit) },
    {
      prop: 'ephemeralStorage',
      name: 'ephemeral-storage',
      request: ephemeralStorage?.request && sizeQuantity(ephemeralStorage.request),
      limit: ephemeralStorage?.limit && sizeQuantity(ephemeralStorage.limit),
    },
  ];
  amounts.forEach(check);
  Object.entries(extendedResources).forEach(([name, count]) => checkExtended(name, count));
  const limits = { ...listed(amounts, 'limit'), ...Object.fromEntries(Object.entries(extendedResources).map(([name, count]) => [name, String(count)])) };
  return { requests: filled(listed(amounts, 'request')), limits: filled(limits) };
}

interface Amount {
  readonly prop: string;
  readonly name: string;
  readonly request?: string;
  readonly limit?: string;
}

function check({ prop, name, request, limit }: Amount): void {
  for (const [side, quantity] of Object.entries({ request, limit })) {
    if (quantity !== undefined) {
      requireValid(`resources.${prop}.${side}`, quantity, resourceProblem(name, quantity));
    }
  }
  if (request !== undefined && limit !== undefined && requestExceedsLimit(request, limit)) {
    throw invalid('resource-limit', `resources.${prop}.request`, request, `exceeds its limit of ${limit}`, 'lower it or raise the limit');
  }
}

function checkExtended(name: string, count: number): void {
  if (!isExtendedResource(name)) {
    throw invalid('unknown-resource', 'resources.extendedResources', name, 'is not the name of an extended resource, which has a domain before a slash',
      "write it as 'nvidia.com/gpu'");
  }
  requireValid(`resources.extendedResources.${name}`, count, resourceProblem(name, count));
}

function listed(amounts: readonly Amount[], side: 'request' | 'limit'): Record<string, string> {
  return Object.fromEntries(amounts.flatMap(({ name, [side]: quantity }) => (quantity === undefined ? [] : [[name, quantity]])));
}

function filled(quantities: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(quantities).length === 0 ? undefined : quantities;
}
