#!/usr/bin/env bash
# Deploys the stacks in their order. Run it again after every change: only changed services are updated. (./farm deploy does this and more:
# it checks the nodes first, pushes the images, waits, and reports why a service does not start.)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for stack in data management app edge observability; do
    docker stack deploy --with-registry-auth --prune --compose-file "$stack.yaml" "wpfarm-prod-$stack"
done
