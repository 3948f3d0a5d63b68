#!/usr/bin/env bash
# Has the API server of the cluster write down what every ServiceAccount asks of it: starts it again with its own arguments and an audit policy.
# Prints where the log is. Does nothing when it is on already; the cluster's next start is without it.
set -euo pipefail
. "$(dirname "$0")/../tools.sh"
cluster
pidfile=$RUN/kube-apiserver.pid
[ -r "$pidfile" ] || skip 'the API server is not a process of this machine'
log=$LOG/audit.log policy=$STATE/audit-policy.yaml
mapfile -d '' -t command <"/proc/$(cat "$pidfile")/cmdline"
if ! printf '%s\n' "${command[@]}" | grep -q '^--audit-log-path'; then
	cat >"$policy" <<-'YAML'
		apiVersion: audit.k8s.io/v1
		kind: Policy
		omitStages: [RequestReceived]
		rules:
		  - level: None
		    namespaces: ["", kube-system, argo, argo-events, monitoring]
		  - level: Metadata
		    userGroups: ["system:serviceaccounts"]
		  - level: None
	YAML
	: >"$log"
	kill "$(cat "$pidfile")"
	while kill -0 "$(cat "$pidfile")" 2>/dev/null; do sleep 0.2; done
	setsid nohup "${command[@]}" --audit-policy-file "$policy" --audit-log-path "$log" >>"$LOG/kube-apiserver.log" 2>&1 </dev/null &
	echo $! >"$pidfile"
	wait_for 90 'API server with an audit log' kubectl get --raw=/readyz
	# It was seen to hear of no rule that came after that.
	if kubectl -n monitoring rollout restart deployment/prometheus-operator >/dev/null 2>&1; then
		kubectl -n monitoring rollout status deployment/prometheus-operator --timeout=5m >/dev/null
	fi
fi
echo "$log"
