#!/usr/bin/env bash
# Closes an example's loop on a real cluster: applies what synth writes, unchanged, plays the clients, and waits for the second version. The
# cluster has no Istio control plane, so clients call the Services of the versions. Leaves a trace in TRACE (a folder) when that is given.
# usage: fidelity/cluster/loop.sh [EXAMPLE]   needs a running cluster with Argo and prometheus-operator, else says so and stops
set -euo pipefail
. "$(dirname "$0")/../tools.sh"
cluster
kubectl get crd workflows.argoproj.io prometheuses.monitoring.coreos.com >/dev/null 2>&1 || skip 'the cluster has no Argo Workflows or prometheus-operator'
example=${1:-digits}
namespace=myelin-loop
"$root/fidelity/cluster/images.sh" "$example"
fresh "$namespace" restricted
node "$root/cli/bin/myelin.js" synth "$root/examples/$example/axon.yaml" -n "$namespace" --images external -o "$out/dist" >"$out/said"
kube() { kubectl -n "$namespace" "$@"; }
# stamped: the revisions of the axon's books, each with the time at which it was seen
stamped() {
	local line
	while IFS= read -r line; do
		case $line in "$example-ledger "* | "$example-releases "*) printf '%s %s\n' "$(date -u +%FT%T.%3NZ)" "$line" ;; esac
	done
}
kubectl -n "$namespace" get configmap -l "myelin.io/axon=$example" --watch -o jsonpath='{.metadata.name} {.data}{"\n"}' > >(stamped >"$out/books.log") &
watch=$!
trap 'kill "$watch" 2>/dev/null; clean' EXIT
began=$SECONDS
kube apply --server-side -f "$out/dist/platform.yaml" -f "$out/dist/$example.yaml" >/dev/null

# live: versions that are live, the newest first
live() {
	kube get configmap "$example-releases" -o jsonpath='{.data.releases\.json}' 2>/dev/null |
		node -e 'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>console.log(!t?"":JSON.parse(t).releases.filter(r=>r.state==="live").map(r=>r.version).join(" ")))'
}

# versions N: waits until so many are live; says where the loop stands when they do not come
versions() {
	local until=$((SECONDS + 900)) found
	until found=($(live)) && [ "${#found[@]}" -ge "$1" ]; do
		[ "$SECONDS" -lt "$until" ] || { kube get workflows,pods; say "version $1 did not come within 900 s"; exit 1; }
		sleep 2
	done
	echo "${found[0]}"
}

# play VERSION STREAM[:quiet]…: clients of one version's Service
play() {
	local address store volume
	address=$(kube get service -l "myelin.io/version=$1" -o jsonpath='{.items[0].spec.clusterIP}')
	volume=$(kube get pvc -l myelin.io/component=store -o jsonpath='{.items[0].spec.volumeName}')
	store=$(kubectl get pv "$volume" -o jsonpath='{.spec.hostPath.path}{.spec.local.path}')/$example
	node "$root/fidelity/cluster/play.mjs" "$store" "http://$address:5000" "${@:2}"
}

first=$(versions 1)
say "version $first live after $((SECONDS - began)) s"
play "$first" steady drift
changed=$SECONDS
second=$(versions 2)
say "version $second live $((SECONDS - changed)) s after the last truth"
say "$first on the final stream:"; play "$first" finalOriginal:quiet final:quiet
say "$second on the final stream:"; play "$second" final:quiet
kube get workflows -o json >"$out/workflows.json"
kube get pods,deployments,services,configmaps,jobs,virtualservices -l "myelin.io/axon=$example" -o json >"$out/objects.json"
kube get configmap "$example-ledger" -o jsonpath='{.data.ledger\.json}' >"$out/ledger.json"
kube get configmap "$example-releases" -o jsonpath='{.data.releases\.json}' >"$out/releases.json"
node "$root/fidelity/cluster/latencies.mjs" "$out"
if [ -n "${TRACE:-}" ]; then
	mkdir -p "$TRACE"
	cp "$out"/{books.log,workflows.json,objects.json,ledger.json,releases.json} "$TRACE"
fi
say "$example: the loop closed on the cluster in $((SECONDS - began)) s"
