#!/usr/bin/env bash
# Does Istio take what deploy writes, and read it as we mean it? For each kind of rollout and number of versions, the objects that the runtime's own
# code makes go, with the synthesised ones, through the oracle, and through istiod's code that merges delegates and makes Envoy's routes.
# usage: fidelity/routes.sh      needs Go and the oracle (ORACLE=…), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
command -v go >/dev/null || skip 'no Go here, which builds the validators'
[ -x "$ORACLE" ] || skip "no oracle at $ORACLE"
(cd "$root" && npm run --silent compile >/dev/null)
generator=${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-myelin/istio-routes
(cd "$root/fidelity/istio" && nice go build -ldflags='-s -w' -o "$generator" .)
node "$root/fidelity/routes/check.mjs" "$out" "$ORACLE" "$generator"
