#!/usr/bin/env bash
# What the real engines do when things go wrong: runs what behaviours/*.yaml say on a real cluster, and compares with what is recorded in
# fidelity/traces/behaviours, which `npm test` holds the laptop's engines to. RECORD=1 writes the record anew.
# usage: fidelity/cluster/behaviours.sh [PART…]   parts: workflows crons events refusals workloads; all when none is named
set -euo pipefail
. "$(dirname "$0")/../tools.sh"
cluster
kubectl get crd workflows.argoproj.io sensors.argoproj.io >/dev/null 2>&1 || skip 'the cluster has no Argo Workflows or Argo Events'
here=$root/fidelity/cluster/behaviours
record=$root/fidelity/traces/behaviours
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(workflows crons events refusals workloads)
began=$SECONDS
# A name of its own each time: what an earlier one left may take its time to go.
export NAMESPACE=myelin-behaviours-$(od -An -N2 -tx1 /dev/urandom | tr -d ' ')
fresh "$NAMESPACE" restricted

kubectl proxy --port=0 >"$out/proxy" &
proxy=$!
children=()
finish() {
	kill "$proxy" "${children[@]}" 2>/dev/null || true
	rm -rf "$out"
	[ -n "${KEEP:-}" ] || kubectl delete namespace "$NAMESPACE" --ignore-not-found --wait=false >/dev/null
}
trap finish EXIT
until grep -q '127.0.0.1' "$out/proxy"; do kill -0 "$proxy"; sleep 0.1; done
KUBE=http://$(grep -oE '127\.0\.0\.1:[0-9]+' "$out/proxy")
# For those whom nobody knows: the proxy would ask in the owner's name.
config() { kubectl config view --raw --minify -o jsonpath="{.clusters[0].cluster.$1}"; }
SERVER=$(config server)
authority=$(config certificate-authority)
[ -n "$authority" ] || { authority=$out/ca.crt; config certificate-authority-data | base64 -d >"$authority"; }
export KUBE SERVER NODE_EXTRA_CA_CERTS=$authority OUT=$out

for part in "${parts[@]}"; do
	nice node "$here/$part.mjs" >"$out/$part.json" &
	children+=($!)
done
failed=0
mkdir -p "$record"
for at in "${!parts[@]}"; do
	part=${parts[$at]}
	if ! wait "${children[$at]}"; then
		say "$part: it did not come to its end"
		failed=1
	elif [ -n "${RECORD:-}" ]; then
		cp "$out/$part.json" "$record/$part.json"
		say "$part: recorded"
	else
		node "$here/compare.mjs" "$record/$part.json" "$out/$part.json" || failed=1
	fi
done
say "${parts[*]}: done in $((SECONDS - began)) s"
exit "$failed"
