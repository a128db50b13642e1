#!/usr/bin/env bash
# Makes the secrets that are missing, one file each. What is there stays: data depends on it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p -m 700 secrets
for name in sites-key admin-key mariadb-replication-password mariadb-orchestrator-password mariadb-sites-password mariadb-monitor-password mariadb-scratch-password redis-password orchestrator-token object-storage-key object-storage-hash-suffix backup-key backup-agent-key grafana-admin-password portainer-admin-password crowdsec-bouncer-key; do
    [[ -s secrets/$name ]] && continue
    od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' > "secrets/$name.new"
    # Containers of several users read it through their mounts; the folder keeps everybody else away.
    chmod 444 "secrets/$name.new"
    mv "secrets/$name.new" "secrets/$name"
    echo "made secrets/$name"
done
