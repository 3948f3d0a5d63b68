#!/usr/bin/env bash
# Asks a real API server to admit every object of every example and played loop, in a namespace that enforces the
# Pod Security level that synth states; nothing is stored. Pods that the engines make are not seen here.
# usage: fidelity/admission.sh   needs a running cluster (CLUSTER=…/up.sh monitoring), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
cluster
namespace=myelin-admission
synthesise "$out" "$namespace"
for dir in "$out"/*/; do
	name=$(basename "$dir")
	fresh "$namespace" "$(level "$name")"
	answer=$(kubectl -n "$namespace" apply --server-side --dry-run=server -f "$dir" 2>&1) || { say "$answer"; exit 1; }
	admitted=$(grep -c 'serverside-applied' <<<"$answer")
	expected=$(cat "$dir"/*.yaml | grep -c '^kind:')
	say "$name: $admitted of $expected objects admitted, Pod Security $(level "$name")"
	if [ "$admitted" != "$expected" ] || grep -i warning <<<"$answer"; then exit 1; fi
done
