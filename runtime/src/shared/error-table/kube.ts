/** Errors of the Kubernetes API. */
export const KUBE_ERRORS = {
  MYELIN_KUBE_CONFLICT: { message: "'{object}' was changed since it was read, read it again and repeat the change", status: 409 },
  MYELIN_KUBE_CONTENDED: { message: "'{object}' was changed by others at each of {tries} tries, try again later", status: 409 },
  MYELIN_KUBE_EXISTS: { message: "'{object}' exists already, replace it or leave it", status: 409 },
  MYELIN_KUBE_FORBIDDEN: { message: "'{object}' ({verb}) must be allowed to this program's service account, apply the Role that was synthesised: {message}", status: 403 },
  MYELIN_KUBE_INVALID: {
    message: "'{object}' ({verb}) was refused by the API server as invalid ({status}), correct what it names: {message}", status: 422, permanent: true,
  },
  MYELIN_KUBE_REFUSED: { message: "'{object}' ({verb}) was answered with {status}, try again later: {message}", status: 502 },
  MYELIN_KUBE_UNCONFIGURED: {
    message: "'KUBERNETES_SERVICE_HOST' (absent) or 'MYELIN_KUBE_API' must name an API server, run in a cluster or under 'myelin up'", permanent: true,
  },
  MYELIN_KUBE_UNREACHABLE: { message: "'{object}' ({verb}) got no answer from {server}, try again later: {reason}", status: 503 },
  MYELIN_KUBE_VERSION_MISSING: { message: "'{object}' (without a resourceVersion) must be replaced as it was read, read it first", permanent: true },
} as const;
