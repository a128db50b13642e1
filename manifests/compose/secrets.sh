#!/usr/bin/env bash
# Creates the missing secrets, one file each. Existing secrets stay, because data depends on them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p -m 700 secrets
for name in sites-key admin-key mariadb-replication-password mariadb-orchestrator-password mariadb-sites-password mariadb-monitor-password mariadb-scratch-password redis-password orchestrator-token object-storage-key object-storage-hash-suffix backup-key backup-agent-key grafana-admin-password crowdsec-bouncer-key crowdsec-machine-password site-login-key mail-reader-password; do
    [[ -s secrets/$name ]] && continue
    od -An -vtx1 -N32 /dev/urandom | tr -d ' \n' > "secrets/$name.new"
    # Containers with different users read it through their mounts; the folder's mode protects it from other users.
    chmod 444 "secrets/$name.new"
    mv "secrets/$name.new" "secrets/$name"
    echo "created secrets/$name"
done
