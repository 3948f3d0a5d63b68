#!/usr/bin/env bash
# Runs a loop whose pods have options: on a tainted node, in a namespace with a ResourceQuota and Pod Security restricted, under an account that
# exists. Every pod must be admitted and carry what the program declares, those included that the runtime creates (trials, servers).
# usage: fidelity/cluster/pods.sh      needs a running cluster with Argo, else says so and stops
set -euo pipefail
. "$(dirname "$0")/../tools.sh"
cluster
kubectl get crd workflows.argoproj.io >/dev/null 2>&1 || skip 'the cluster has no Argo Workflows'
"$root/fidelity/runtime-image.sh" >/dev/null
"$root/fidelity/cluster/probe/image.sh" >/dev/null
namespace=myelin-pods
node=$(kubectl get nodes -o jsonpath="{.items[0].metadata.name}")
untaint() { kubectl taint node "$node" myelin.test/dedicated- >/dev/null 2>&1 || true; kubectl label node "$node" myelin.test/pool- >/dev/null; clean; }
trap untaint EXIT
fresh "$namespace" restricted
kubectl -n "$namespace" create quota quota --hard=requests.cpu=16,requests.memory=16Gi >/dev/null
kubectl label --overwrite node "$node" myelin.test/pool=ml >/dev/null
kubectl taint --overwrite node "$node" myelin.test/dedicated=ml:NoSchedule >/dev/null
CDK8S_OUTDIR=$out/dist node "$root/fidelity/cluster/pods/main.mjs" "$namespace"
kube() { kubectl -n "$namespace" "$@"; }
began=$SECONDS
kube apply --server-side -f "$out/dist/base.k8s.yaml" -f "$out/dist/probe.k8s.yaml" >/dev/null
until kube get configmap probe-releases -o jsonpath='{.data.releases\.json}' 2>/dev/null | grep -q '"state":"live"'; do
	[ $((SECONDS - began)) -lt 600 ] || { kube get workflows,pods; kube get events | grep -i quota; say 'no version went live within 600 s'; exit 1; }
	sleep 3
done
say "a version is live after $((SECONDS - began)) s"
kube get pods -o json >"$out/pods.json"
kube get events -o json >"$out/events.json"
node "$root/fidelity/cluster/pods/check.mjs" "$out/pods.json" "$out/events.json"
