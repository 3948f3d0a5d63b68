/**
 * Mounts the account's token into Argo's two containers beside the user's, which report its outputs, and into them
 * alone: with it, user code could write the outputs of any run.
 *
 * The token is bound to the pod and expires, unlike the Secret that `executor.serviceAccountName` needs. Argo adds
 * the patch of a template to the patch of its workflow.
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
