# What the scripts of this folder share; sourced, never run.
# ORACLE: a script that judges directories of manifests by the real controllers' code.
# CLUSTER: a folder with env.sh, which puts kubectl on PATH and names a kubeconfig.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ORACLE=${ORACLE:-$root/../shared/oracle/oracle.sh}
CLUSTER=${CLUSTER:-$root/../shared/cluster}
CRDS=${CRDS:-${XDG_CACHE_HOME:-$HOME/.cache}/oracle/crds}

say() { printf '%s\n' "$*"; }
skip() { say "SKIPPED: $*"; exit 0; }

# synthesise DIR NAMESPACE: every example into a folder of its own below DIR
synthesise() {
	local dir=$1 namespace=$2 example
	for example in "$root"/examples/*/axon.yaml; do
		node "$root/cli/bin/myelin.js" synth "$example" -n "$namespace" -o "$dir/$(basename "$(dirname "$example")")" >/dev/null
	done
}
