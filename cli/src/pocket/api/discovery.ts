import { API_KINDS, apiVersionOf } from './kinds.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What `kubectl` asks to know what there is; undefined for every other path. */
export function discovered(path: string): unknown {
  const [root, group, version, ...more] = path.split('/').filter((part) => part !== '');
  if (path === '/version') return { major: '1', minor: '30', gitVersion: 'v1.30.0-pocket' };
  if (root === 'api' && group === undefined) return { kind: 'APIVersions', versions: ['v1'] };
  if (root === 'api' && version === undefined) return resources('', group!);
  if (root === 'apis' && group === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames().map(groupOf) };
  if (root === 'apis' && version === undefined) return groupNames().includes(group!) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group!) } : undefined;
  return root === 'apis' && more.length === 0 ? resources(group!, version!) : undefined;
}

function groupNames(): string[] {
  return [...new Set(API_KINDS.map(({ group }) => group))].filter((group) => group !== '').sort();
}

function groupOf(name: string): { name: string; versions: unknown[]; preferredVersion: unknown } {
  const versions = [...new Set(API_KINDS.filter(({ group }) => group === name).flatMap((each) => each.versions))]
    .map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function resources(group: string, version: string): unknown {
  const found = API_KINDS.filter((each) => each.group === group && each.versions.includes(version));
  if (found.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(group, version),
    resources: found.map(({ kind, plural, namespaced, short }) => ({
      name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS, shortNames: short,
    })),
  };
}
