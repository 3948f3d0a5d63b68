#!/usr/bin/env bash
# Judges the manifests of all examples, and of the loops that are played on clusters, by the validators of the real controllers: 0 findings.
# usage: fidelity/oracle.sh      needs Go and the oracle (ORACLE=…), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
command -v go >/dev/null || skip 'no Go here, which builds the validators'
[ -x "$ORACLE" ] || skip "no oracle at $ORACLE"
synthesise "$out" default
for dir in "$out"/*/; do
	say "== $(basename "$dir")"
	"$ORACLE" "$dir"
done
for name in $(programs); do
	say "== $name"
	"$ORACLE" "$root/examples/$name/expected"
done
