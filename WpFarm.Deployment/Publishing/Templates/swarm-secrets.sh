#!/usr/bin/env bash
# Creates the missing secrets, here and in the swarm. Keep the folder secrets/ safe: its keys decrypt the backups and open the sites.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p -m 700 secrets
for name in {{secrets}}; do
    version=${name//-/_}_VERSION
    version=${version^^}
    secret={{project}}_${name}_${!version:-1}
    if [[ ! -s secrets/$name ]]; then
        od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' > "secrets/$name.new"
        chmod 400 "secrets/$name.new"
        mv "secrets/$name.new" "secrets/$name"
        echo "created secrets/$name"
    fi
    docker secret inspect "$secret" > /dev/null 2>&1 ||
        docker secret create --label wpfarm.farm={{project}} "$secret" "secrets/$name" > /dev/null
done
