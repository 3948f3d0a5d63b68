/**
 * `fetch`, with the addresses of Services reached where this machine has them. In a cluster that is the DNS's affair;
 * the laptop's cluster sets MYELIN_SERVICE_PROXY to an address that answers for every Service by the name in the Host header.
 */
export function serviceFetch(env: NodeJS.ProcessEnv, plain: typeof fetch = fetch): typeof fetch {
  const proxy = env.MYELIN_SERVICE_PROXY;
  if (proxy === undefined) return plain;
  return (input, init) => {
    const request = new URL(input instanceof Request ? input.url : input);
    if (!/\.svc(\.|$)/.test(request.hostname)) return plain(input, init);
    const headers = new Headers(init?.headers);
    // Host itself is not ours to set.
    headers.set('x-forwarded-host', request.host);
    return plain(new URL(request.pathname + request.search, proxy), { ...init, headers });
  };
}
