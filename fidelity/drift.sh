#!/usr/bin/env bash
# Applies an example for real, lets the engines' controllers write what they write, and applies it
# again: no conflict over a field, and no difference, or GitOps tools would fight the controllers.
# usage: fidelity/drift.sh [EXAMPLE]   needs a running cluster (CLUSTER=…/up.sh monitoring), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
cluster
namespace=myelin-drift
fresh "$namespace" restricted
example=${1:-digits}
synthesise "$out" "$namespace"
apply() { kubectl -n "$namespace" apply --server-side -f "$out/$example" >/dev/null; }
apply
sleep 30 # the controllers write defaults and status in that time
apply
difference=$(kubectl -n "$namespace" diff --server-side -f "$out/$example" || true)
[ -z "$difference" ] || { say "$difference"; exit 1; }
say "$example: applied twice, no conflict, no difference"
