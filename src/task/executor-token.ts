/**
 * The account's token for Argo's two containers beside the user's, which report its outputs, and for
 * them alone: the user's code could otherwise write the outputs of any run.
 *
 * The token is the pod's own and runs out, unlike the Secret that `executor.serviceAccountName`
 * wants. Argo adds the patch of a template to that of its workflow.
 *
 * @internal
 */
export const EXECUTOR_TOKEN = `initContainers:
  - name: init
    volumeMounts: [{name: executor-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]
containers:
  - name: wait
    volumeMounts: [{name: executor-token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]
volumes:
  - name: executor-token
    projected:
      sources:
        - serviceAccountToken: {path: token}
        - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
        - downwardAPI: {items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]}
`;
