#!/bin/bash
# Runs a pool container: php-fpm and nginx, which end together. Also runs the install job.
#
#   serve    (default) answer requests until SIGTERM, then drain and exit; on SIGINT finish the requests in flight, and exit without a drain
#   install  create the databases, install the sites that are not installed yet, then exit
#   reload   make the running container read the files of /etc/farm again, without an interruption
#   check    make nginx and php-fpm check the mounted configuration, then exit
#   as SITE  run the command that follows as the Unix user of a site
#
# It starts as root, and so does php-fpm, which gives each site's PHP a user of its own. nginx runs as www-data.
set -euo pipefail

readonly run=/run/farm
readonly php=(php -c /etc/php/farm/php.ini)
readonly php_fpm=(php-fpm8.4 --allow-to-run-as-root --nodaemonize --fpm-config /etc/php/farm/php-fpm.conf -c /etc/php/farm/php.ini)
readonly www_data=(setpriv --reuid www-data --regid www-data --clear-groups)
readonly web_server=("${www_data[@]}" nginx -c /etc/farm/nginx.conf)

# Seconds to keep answering after /healthz has turned 503. By then the balancer must have marked the container down: it checks every
# second and needs two failures, and each check may take a second.
readonly drain_seconds=${FARM_DRAIN_SECONDS:-5}

log() { printf 'farm-wordpress: %s\n' "$*" >&2; }

# nginx opens its standard output and error anew, as www-data.
share_output() { chmod 0666 /proc/self/fd/1 /proc/self/fd/2; }

# Makes the places that php-fpm and nginx use, and what the container has for each site.
prepare() {
    chmod 0755 /tmp "$run"
    mkdir -p "$run/php" "$run/sites" "$run/nginx" /tmp/nginx
    chown www-data:www-data "$run/nginx" /tmp/nginx
    "${php[@]}" -d disable_functions= /usr/local/lib/wpfarm/sites.php >&2
}

check() {
    prepare
    share_output
    "${php_fpm[@]}" --test
    "${web_server[@]}" -t
}

# What a site's folder in this container depends on: farm.json, the keys, and whose the uploads are.
inputs() {
    sha256sum /etc/farm/farm.php /run/keys/*
    stat --format '%n %u' /srv/uploads/* 2>/dev/null || true
}

# Applies changes of them. The install job gives a new site its slot after the pools know the site, and on a swarm nobody else tells them.
keep_prepared() {
    local applied=$1 now
    while true; do
        sleep 1
        now=$(inputs) || continue
        if [[ $now != "$applied" ]]; then
            if "${php[@]}" /usr/local/lib/wpfarm/sites.php >&2; then applied=$now; fi
        fi
    done
}

# The logs of all sites' PHP: a site's user cannot open the container's own standard error.
relay_logs() {
    mkfifo --mode 0622 "$run/log"
    exec 9<>"$run/log"
    cat <&9 >&2 9<&- & relay=$!
}

serve() {
    share_output
    rm -f "$run"/draining "$run"/log "$run"/php/*
    local applied
    applied=$(inputs)
    prepare
    relay_logs
    keep_prepared "$applied" & keeper=$!
    # Removes the files of a container that was killed in the middle of an upload. Those of running containers are younger.
    "${www_data[@]}" find /var/spool/farm -type f -mmin +60 -delete

    fpm='' nginx=''
    trap drain TERM
    trap leave INT
    "${php_fpm[@]}" & fpm=$!
    # Starts nginx only when php-fpm can answer.
    until [[ -S $run/php/none.sock ]] || ! kill -0 "$fpm" 2>/dev/null; do sleep 0.02; done
    "${web_server[@]}" & nginx=$!

    while true; do
        local status=0
        wait -n "$fpm" "$nginx" "$keeper" "$relay" || status=$?
        # A trapped signal also ends the wait. Only when a child has ended does the container end.
        for name in fpm nginx keeper relay; do
            if ! kill -0 "${!name}" 2>/dev/null; then
                log "$name ended unexpectedly (status $status)"
                kill -TERM "$fpm" "$nginx" "$keeper" "$relay" 2>/dev/null || true
                exit 1
            fi
        done
    done
}

# nginx checks its files first. PHP then drops the one compiled file that does not come with the image. The settings of php-fpm and
# php.ini are read at the start only.
reload() {
    share_output
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
    kill "$keeper" 2>/dev/null || true
    # nginx ends first: it accepts no new requests, and php-fpm must answer those that nginx still waits for.
    kill -QUIT "$nginx" 2>/dev/null || true
    await "$nginx"
    kill -QUIT "$fpm" 2>/dev/null || true
    await "$fpm"
    kill "$relay" 2>/dev/null || true
    log 'every request finished'
    exit 0
}

as() {
    local site=$1 user
    shift
    user=$(stat --format %u "/run/farm/sites/$site/secrets") || { log "$site is no site of this container, or has no user yet"; exit 2; }
    [[ $1 != php ]] || set -- "${php[@]}" "${@:2}"
    FARM_SITE=$site exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
}

await() { while kill -0 "$1" 2>/dev/null; do wait "$1" || true; done; }

case "${1:-serve}" in
    serve)   serve ;;
    reload)  reload ;;
    install) chmod 0755 /tmp "$run"; exec "${php[@]}" -d disable_functions= /usr/local/lib/wpfarm/install.php ;;
    as)      as "${@:2}" ;;
    check)   check ;;
    *)       exec "$@" ;;
esac
