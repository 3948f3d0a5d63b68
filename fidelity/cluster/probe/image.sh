#!/usr/bin/env bash
# Makes the one image of the probe's code and the Python client, over the cluster's base image. Nothing of it is downloaded.
set -euo pipefail
. "$(dirname "$0")/../../tools.sh"
[ -x "$CLUSTER/image.sh" ] || skip "no image tool at $CLUSTER"
. "$CLUSTER/env.sh"
mkdir -p "$out/rootfs/app" "$out/rootfs/opt/packages"
cp "$root"/fidelity/cluster/probe/code/*.py "$out/rootfs/app/"
cp -r "$root/python/src/myelin" "$out/rootfs/opt/packages/"
find "$out/rootfs" -name __pycache__ -prune -exec rm -rf {} +
# The tool writes in place: two scripts at once would read each other's half.
exec 9>"$IMAGES/probe.lock"
flock 9
IMAGE_BASE=cluster/debian:1 IMAGE_USER=1000 IMAGE_DIR=/app IMAGE_ENV='PYTHONPATH=/opt/packages
PYTHONUNBUFFERED=1' "$CLUSTER/image.sh" probe/tasks:1 "$out/rootfs" /usr/bin/python3
