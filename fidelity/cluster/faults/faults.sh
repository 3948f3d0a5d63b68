#!/usr/bin/env bash
# Disturbs a loop on a real cluster and counts what it did: exactly what an undisturbed one does.
# usage: fidelity/cluster/faults/faults.sh [NAME…]     all without a name; ROUNDS=, SEED=, KEEP=1 are theirs
set -euo pipefail
. "$(dirname "$0")/../../tools.sh"
cluster
export SOCK
here=$root/fidelity/cluster/faults
[ "$#" -gt 0 ] || set -- $(cd "$here" && printf '%s\n' *.mjs | sed 's/\.mjs$//')
failed=0
for name in "$@"; do
	[ -r "$here/$name.mjs" ] || { say "no fault '$name': $(cd "$here" && echo *.mjs)"; exit 2; }
done
for name in "$@"; do
	say "== $name"
	node "$here/$name.mjs" 2>&1 | tee "$out/$name.log" || failed=1
	tail -n 1 "$out/$name.log" >>"$out/table"
done
say "== counts"
cat "$out/table"
exit "$failed"
