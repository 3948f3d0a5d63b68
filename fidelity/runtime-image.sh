#!/usr/bin/env bash
# Makes the runtime image without a builder: the file system that its Dockerfile lays out, over the base image of the cluster's
# own tools, imported where a cluster runs.
# usage: fidelity/runtime-image.sh   needs the cluster's tools and base image (CLUSTER=…/build.sh), else says so and stops
set -euo pipefail
. "$(dirname "$0")/tools.sh"
[ -x "$CLUSTER/image.sh" ] || skip "no image tool at $CLUSTER"
. "$CLUSTER/env.sh"
[ -f "$IMAGES/cluster_debian_1.tar" ] || skip "no base image: build the cluster's tools first"

image=cdk8s-myelin/runtime:$(node -p "require('$root/package.json').version")
(cd "$root" && npm run --silent compile >/dev/null && node runtime/image/rootfs.mjs "$out/rootfs")
ours=$(du -sh "$out/rootfs" | cut -f1)
cp "$(node -p 'fs.realpathSync(process.execPath)')" "$out/rootfs/usr/local/bin/node"
IMAGE_BASE=cluster/debian:1 IMAGE_USER=1000 "$CLUSTER/image.sh" "$image" "$out/rootfs" /usr/local/bin/myelin-runtime
say "$image: $ours of ours, $(du -h "$out/rootfs/usr/local/bin/node" | cut -f1) of node"
