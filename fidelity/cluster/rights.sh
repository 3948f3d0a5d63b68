#!/usr/bin/env bash
# Which rights do the accounts of an axon use on a real cluster? Plays a loop with all that seldom happens, and reads the API server's audit log.
# Then asks the API server what each account may do and must not. Writes fidelity/traces/rights.json, which tests hold the Roles to.
# usage: fidelity/cluster/rights.sh      needs a cluster as for loop.sh whose API server is a process of this machine, else says so and stops
set -euo pipefail
. "$(dirname "$0")/../tools.sh"
cluster
kubectl get crd workflows.argoproj.io prometheuses.monitoring.coreos.com >/dev/null 2>&1 ||
	skip 'the cluster has no Argo Workflows or prometheus-operator'
here=$root/fidelity/cluster
answer=$("$here/audit.sh") log=$(tail -n 1 <<<"$answer")
case $log in SKIPPED*) say "$log"; exit 0 ;; esac
"$here/probe/image.sh" >/dev/null
node "$here/rights/play.mjs" "$log" "$out/rights.json"
trace=$root/fidelity/traces/rights.json
diff "$trace" "$out/rights.json" || say 'fidelity/traces/rights.json has changed'
cp "$out/rights.json" "$trace"
refused=$(node -p "JSON.parse(fs.readFileSync('$trace')).refused.length")
say "$(grep -c program "$trace") rights used, $refused of them refused, in $SECONDS s"
[ "$refused" = 0 ]
