#!/bin/bash
# Runs a pool container: php-fpm and nginx, which end together. Also runs the install job.
#
#   serve    (default) answer requests until SIGTERM, then drain and exit; on SIGINT finish the requests in flight, and exit without a drain
#   install  create the databases, install the sites that are not installed yet, then exit
#   reload   make the running container read the files of /etc/farm again, without an interruption
#   check    make nginx and php-fpm check the mounted configuration, then exit
set -euo pipefail

readonly run=/run/farm
readonly php_fpm=(php-fpm8.4 --nodaemonize --fpm-config /etc/php/farm/php-fpm.conf -c /etc/php/farm/php.ini)
readonly web_server=(nginx -c /etc/farm/nginx.conf)

# Seconds to keep answering after /healthz has turned 503. By then the balancer must have marked the container down: it checks every
# second and needs two failures, and each check may take a second.
readonly drain_seconds=${FARM_DRAIN_SECONDS:-5}

log() { printf 'farm-wordpress: %s\n' "$*" >&2; }

check() {
    mkdir -p "$run"
    "${php_fpm[@]}" --test
    "${web_server[@]}" -t
}

serve() {
    mkdir -p "$run"
    rm -f "$run"/draining "$run"/php.sock
    # Removes the files of a container that was killed in the middle of an upload. Those of running containers are younger.
    find /var/spool/farm -type f -mmin +60 -delete

    fpm='' nginx=''
    trap drain TERM
    trap leave INT
    "${php_fpm[@]}" & fpm=$!
    # Starts nginx only when php-fpm can answer.
    until [[ -S $run/php.sock ]] || ! kill -0 "$fpm" 2>/dev/null; do sleep 0.02; done
    "${web_server[@]}" & nginx=$!

    while true; do
        local status=0
        wait -n "$fpm" "$nginx" || status=$?
        # A trapped signal also ends the wait. Only when a child has ended does the container end.
        for name in fpm nginx; do
            if ! kill -0 "${!name}" 2>/dev/null; then
                log "$name ended unexpectedly (status $status)"
                kill -TERM "$fpm" "$nginx" 2>/dev/null || true
                exit 1
            fi
        done
    done
}

# nginx checks its files first. PHP then drops the one compiled file that does not come with the image. The settings of php-fpm and
# php.ini are read at the start only.
reload() {
    "${web_server[@]}" -t -q
    curl --silent --show-error --fail --max-time 10 --output /dev/null http://127.0.0.1:8081/reread
    "${web_server[@]}" -s reload
}

drain() {
    trap '' TERM INT
    log "draining for $drain_seconds s"
    touch "$run/draining"
    sleep "$drain_seconds"
    leave
}

# SIGINT comes here without a drain: the whole farm stops, and no balancer is left to tell.
leave() {
    trap '' TERM INT
    # nginx ends first: it accepts no new requests, and php-fpm must answer those that nginx still waits for.
    kill -QUIT "$nginx" 2>/dev/null || true
    await "$nginx"
    kill -QUIT "$fpm" 2>/dev/null || true
    await "$fpm"
    log 'every request finished'
    exit 0
}

await() { while kill -0 "$1" 2>/dev/null; do wait "$1" || true; done; }

case "${1:-serve}" in
    serve)   serve ;;
    reload)  reload ;;
    install) exec php -c /etc/php/farm/php.ini -d disable_functions= /usr/local/lib/wpfarm/install.php ;;
    check)   check ;;
    *)       exec "$@" ;;
esac
