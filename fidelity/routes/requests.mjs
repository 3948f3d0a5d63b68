// Where a request goes by Envoy's routes, as fidelity/istio prints them.

/** The first route that takes a request; undefined when none does. */
export function routeOf(routes, { path, headers = {} }) {
  return routes.find(({ match }) => match.path === path && (match.headers ?? []).every((each) => takes(each, headers[each.name])));
}

function takes({ stringMatch: { exact, prefix, safeRegex }, ...rest }, value) {
  const others = Object.keys(rest).filter((key) => key !== 'name');
  if (others.length > 0) throw new Error(`a header is matched by ${others}, which is not known here`);
  if (value === undefined) return false;
  if (exact !== undefined) return value === exact;
  return prefix === undefined ? new RegExp(`^(?:${safeRegex.regex})$`).test(value) : value.startsWith(prefix);
}

/** Per cents by cluster. */
export function sharesOf({ route: { cluster, weightedClusters } }) {
  if (weightedClusters === undefined) return { [cluster]: 100 };
  return Object.fromEntries(weightedClusters.clusters.map(({ name, weight }) => [name, weight]));
}

/** Per cents of copies by cluster. */
export function copiesOf({ route: { requestMirrorPolicies = [] } }) {
  const parts = { HUNDRED: 1, TEN_THOUSAND: 100, MILLION: 10_000 };
  const rate = ({ numerator, denominator = 'HUNDRED' }) => numerator / parts[denominator];
  return Object.fromEntries(requestMirrorPolicies.map(({ cluster, runtimeFraction }) => [cluster, rate(runtimeFraction.defaultValue)]));
}
