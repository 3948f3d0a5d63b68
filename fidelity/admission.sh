#!/usr/bin/env bash
# Asks a real API server to admit every object of every example and played loop. Objects of an axon file go to a namespace that enforces the
# Pod Security level that synth states, objects of a program to the namespaces of its manifests. Only namespaces are stored, until the script
# ends. Pods that the engines make are not seen here.
# usage: fidelity/admission.sh   needs a running cluster (CLUSTER=…/up.sh monitoring), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
cluster

# admit NAME DIR WHERE [ARGUMENT…]: fails unless the API server admits all manifests of a folder without a warning
admit() {
	local answer admitted expected
	answer=$(kubectl apply --server-side --dry-run=server -f "$2" "${@:4}" 2>&1) || { say "$answer"; exit 1; }
	admitted=$(grep -c 'serverside-applied' <<<"$answer")
	expected=$(cat "$2"/*.yaml | grep -c '^kind:')
	say "$1: $admitted of $expected objects admitted, $3"
	if [ "$admitted" != "$expected" ] || grep -i warning <<<"$answer"; then exit 1; fi
}

# namespaces DIR: sets `used` to the namespaces that manifests declare or are in; makes those that do not exist, and adds them to `made`
namespaces() {
	local objects name phase declared
	objects=$(kubectl create --dry-run=client -f "$1" -o 'jsonpath={.kind}{"\t"}{.metadata.name}{"\t"}{.metadata.namespace}{"\t"}{@}{"\n"}')
	mapfile -t used < <(awk -F '\t' '{ name = $1 == "Namespace" ? $2 : $3; if (name != "") print name }' <<<"$objects" | sort -u)
	for name in "${used[@]}"; do
		phase=$(kubectl get namespace "$name" --ignore-not-found -o 'jsonpath={.status.phase}')
		[ "$phase" = Active ] && continue
		# An earlier run has deleted it.
		[ -z "$phase" ] || kubectl wait --for=delete "namespace/$name" --timeout=120s >/dev/null
		made+=("$name")
		# A declared one has labels, such as a Pod Security level.
		declared=$(awk -F '\t' -v name="$name" '$1 == "Namespace" && $2 == name { print $4 }' <<<"$objects")
		if [ -n "$declared" ]; then kubectl apply --server-side -f - <<<"$declared" >/dev/null; else kubectl create namespace "$name" >/dev/null; fi
	done
}

namespace=myelin-admission
synthesise "$out" "$namespace"
for dir in "$out"/*/; do
	name=$(basename "$dir")
	fresh "$namespace" "$(level "$name")"
	admit "$name" "$dir" "Pod Security $(level "$name")" -n "$namespace"
done
for name in $(programs); do
	namespaces "$root/examples/$name/expected"
	admit "$name" "$root/examples/$name/expected" "in ${used[*]}"
done
