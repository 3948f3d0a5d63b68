#!/usr/bin/env bash
# Makes the images that an example's loop needs, without a builder: the runtime's, and one for each folder of the example's code, over one
# with the packages of its requirements. Prints nothing but what it makes.
# usage: fidelity/cluster/images.sh EXAMPLE [REGISTRY]
set -euo pipefail
. "$(dirname "$0")/../tools.sh"
example=$1 registry=${2:-registry.local:5000}
"$root/fidelity/runtime-image.sh"
[ -x "$CLUSTER/image.sh" ] || skip "no image tool at $CLUSTER"
. "$CLUSTER/env.sh"

code=$root/examples/$example/code
axon=$root/examples/$example/expected/$example.yaml
# What pip would install in the image lies in one folder, for the Python of the base image.
packages=$out/packages/opt/packages
"${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --python-version 3.11 --only-binary :all: \
	--target "$packages" -r "$code/requirements-test.txt"
cp -r "$root/python/src/myelin" "$packages/"
mkdir -p "$out/packages/usr/bin"
ln -s python3 "$out/packages/usr/bin/python"
find "$out/packages" -name __pycache__ -prune -exec rm -rf {} +
IMAGE_BASE=cluster/debian:1 IMAGE_USER=1000 "$CLUSTER/image.sh" "$example/packages:1" "$out/packages" /usr/bin/python3

for folder in "$code"/*/; do
	name=$(basename "$folder")
	# The image of a task ends in the name of its folder, before the tag.
	reference=$(grep -oE "$registry/[a-z0-9-]+-$name:[a-z0-9.]+" "$axon" | head -n 1)
	rm -rf "$out/task"
	mkdir -p "$out/task/app"
	cp -r "$folder." "$out/task/app/"
	environment="PYTHONPATH=/opt/packages
PYTHONUNBUFFERED=1
$(sed -n 's/^ENV //p' "$folder/Dockerfile" 2>/dev/null | tr ' ' '\n' || true)
$(cat "$folder/.s2i/environment" 2>/dev/null || true)"
	IMAGE_BASE=$example/packages:1 IMAGE_USER=1000 IMAGE_DIR=/app IMAGE_ENV=$(grep . <<<"$environment") \
		"$CLUSTER/image.sh" "$reference" "$out/task" /usr/bin/python3
	# The tool takes every name for one of Docker's registry.
	[ ! -S "$SOCK" ] || ctr -a "$SOCK" -n k8s.io images tag --force "docker.io/$reference" "$reference" >/dev/null
done
