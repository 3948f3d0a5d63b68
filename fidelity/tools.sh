# What the scripts of this folder share; sourced, never run.
# ORACLE: a script that judges directories of manifests by the real controllers' code.
# CLUSTER: a folder with env.sh, which puts kubectl on PATH and names a kubeconfig.
# CRDS: a folder with Istio's CRDs, for a cluster that has no Istio.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ORACLE=${ORACLE:-$root/../shared/oracle/oracle.sh}
CLUSTER=${CLUSTER:-$root/../shared/cluster}
CRDS=${CRDS:-${XDG_CACHE_HOME:-$HOME/.cache}/oracle/crds}

out=$(mktemp -d)
made=()
clean() { rm -rf "$out"; [ "${#made[@]}" = 0 ] || kubectl delete namespace "${made[@]}" --ignore-not-found --wait=false >/dev/null; }
trap clean EXIT

say() { printf '%s\n' "$*"; }
skip() { say "SKIPPED: $*"; exit 0; }

# synthesise DIR NAMESPACE: every example that is an axon file, and the loops that are played on clusters, which have what no
# example has, such as listeners for failures; each into a folder of its own below DIR, what the command prints beside it
synthesise() {
	local axon name
	(cd "$root" && npm run --silent compile)
	for axon in "$root"/examples/*/axon.yaml "$root"/fidelity/cluster/*/axon.yaml; do
		name=$(basename "$(dirname "$axon")")
		node "$root/cli/bin/myelin.js" synth "$axon" -n "$2" -o "$1/$name" >"$1/$name.said"
	done
}

# programs: names of the examples that are programs with recorded manifests in `expected`; npm test compares these with what the programs synthesise
programs() {
	local dir
	for dir in "$root"/examples/*/expected; do
		[ -e "$dir/../axon.yaml" ] || basename "$(dirname "$dir")"
	done
}

# level EXAMPLE: the Pod Security level that synth said its namespace needs
level() { grep -oE 'restricted|baseline|privileged' "$out/$1.said" | head -n 1; }

# cluster: a running one, with the CRDs of Istio, whose control plane is not needed to admit objects
cluster() {
	local file
	[ -r "$CLUSTER/env.sh" ] || skip "no cluster scripts at $CLUSTER"
	. "$CLUSTER/env.sh"
	command -v kubectl >/dev/null && kubectl get --raw /readyz >/dev/null 2>&1 || skip 'no API server answers: start the cluster first'
	kubectl get crd virtualservices.networking.istio.io >/dev/null 2>&1 && return
	for file in "$CRDS"/*istio.io*; do
		[ -e "$file" ] || skip "no Istio CRDs at $CRDS"
		kubectl apply --server-side -f "$file" >/dev/null
	done
	kubectl wait --for=condition=Established --timeout=60s crd/virtualservices.networking.istio.io >/dev/null
}

# fresh NAMESPACE LEVEL: an empty namespace that enforces a level of Pod Security
fresh() {
	made=("$1")
	kubectl delete namespace "$1" --ignore-not-found >/dev/null
	kubectl create namespace "$1" >/dev/null
	kubectl label namespace "$1" "pod-security.kubernetes.io/enforce=$2" >/dev/null
}
