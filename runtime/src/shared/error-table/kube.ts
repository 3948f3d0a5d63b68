/** Errors of the Kubernetes API. */
export const KUBE_ERRORS = {
  MYELIN_KUBE_CONFLICT: { message: "'{object}' was changed since it was read, read it again and repeat the change", status: 409 },
  MYELIN_KUBE_EXISTS: { message: "'{object}' exists already, replace it or leave it", status: 409 },
} as const;
