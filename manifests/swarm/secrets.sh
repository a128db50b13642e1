#!/usr/bin/env bash
# Creates the missing secrets, here and in the swarm. Keep the folder secrets/ safe: its keys decrypt the backups and open the sites.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p -m 700 secrets
for name in sites-key admin-key mariadb-replication-password mariadb-orchestrator-password mariadb-sites-password mariadb-monitor-password mariadb-scratch-password redis-password orchestrator-token object-storage-key object-storage-hash-suffix backup-key backup-agent-key grafana-admin-password crowdsec-bouncer-key crowdsec-machine-password site-login-key mail-reader-password; do
    version=${name//-/_}_VERSION
    version=${version^^}
    secret=wpfarm-prod_${name}_${!version:-1}
    if [[ ! -s secrets/$name ]]; then
        od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' > "secrets/$name.new"
        chmod 400 "secrets/$name.new"
        mv "secrets/$name.new" "secrets/$name"
        echo "created secrets/$name"
    fi
    docker secret inspect "$secret" > /dev/null 2>&1 ||
        docker secret create --label wpfarm.farm=wpfarm-prod "$secret" "secrets/$name" > /dev/null
done
