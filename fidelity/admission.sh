#!/usr/bin/env bash
# Asks a real API server to admit every object of every example, in a namespace that enforces the
# Pod Security level that synth states; nothing is stored. Pods that the engines make are not seen here.
# usage: fidelity/admission.sh   needs a running cluster (CLUSTER=…/up.sh monitoring), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
[ -r "$CLUSTER/env.sh" ] || skip "no cluster scripts at $CLUSTER"
. "$CLUSTER/env.sh"
kubectl get --raw /readyz >/dev/null 2>&1 || skip 'no API server answers: start the cluster first'

# Istio has no control plane there; its CRDs are enough for admission.
if ! kubectl get crd virtualservices.networking.istio.io >/dev/null 2>&1; then
	files=("$CRDS"/*istio.io*)
	[ -e "${files[0]}" ] || skip "no Istio CRDs at $CRDS"
	for file in "${files[@]}"; do kubectl apply --server-side -f "$file" >/dev/null; done
	kubectl wait --for=condition=Established --timeout=60s crd/virtualservices.networking.istio.io >/dev/null
fi

namespace=myelin-admission
out=$(mktemp -d)
cleanup() { rm -rf "$out"; kubectl delete namespace "$namespace" --ignore-not-found --wait=false >/dev/null; }
trap cleanup EXIT
kubectl create namespace "$namespace" --dry-run=client -o yaml | kubectl apply -f - >/dev/null
synthesise "$out" "$namespace"
for dir in "$out"/*/; do
	name=$(basename "$dir")
	kubectl label --overwrite namespace "$namespace" pod-security.kubernetes.io/enforce="$(node "$root/cli/bin/myelin.js" level "$root/examples/$name/axon.yaml" 2>/dev/null || echo restricted)" >/dev/null
	admitted=$(kubectl -n "$namespace" apply --server-side --dry-run=server -f "$dir" 2>&1 | tee /dev/stderr | grep -c 'serverside-applied')
	expected=$(cat "$dir"/*.yaml | grep -c '^kind:')
	say "$name: $admitted of $expected objects admitted"
	[ "$admitted" = "$expected" ]
done
