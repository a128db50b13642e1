#!/bin/bash
# A pool container: php-fpm and nginx live and die together. Also the farm's two WordPress jobs.
#
#   serve    (default) answer requests until SIGTERM, then leave without failing one; SIGINT: end what was begun, at once
#   install  create the databases and install the sites that are not there yet, then exit
#   reload   let the container that serves take up the files of /etc/farm as they are now, without a pause in service
#   check    let nginx and php-fpm read the mounted configuration, then exit
set -euo pipefail

readonly run=/run/farm
readonly php_fpm=(php-fpm8.4 --nodaemonize --fpm-config /etc/php/farm/php-fpm.conf -c /etc/php/farm/php.ini)
readonly web_server=(nginx -c /etc/farm/nginx.conf)

# How long to keep answering after /healthz has turned 503. It must outlast the balancer's last good look:
# checks every second, two failures to mark a server down, and a second of slack for each.
readonly drain_seconds=${FARM_DRAIN_SECONDS:-5}

say() { printf 'farm-wordpress: %s\n' "$*" >&2; }

check() {
    mkdir -p "$run"
    "${php_fpm[@]}" --test
    "${web_server[@]}" -t
}

serve() {
    mkdir -p "$run"
    rm -f "$run"/draining "$run"/php.sock
    # What a container left that was killed in the middle of an upload. The others' are younger.
    find /var/spool/farm -type f -mmin +60 -delete

    fpm='' nginx=''
    trap drain TERM
    trap leave INT
    "${php_fpm[@]}" & fpm=$!
    # Whoever gets through to nginx is answered: until php-fpm is there, nobody does.
    until [[ -S $run/php.sock ]] || ! kill -0 "$fpm" 2>/dev/null; do sleep 0.02; done
    "${web_server[@]}" & nginx=$!

    while true; do
        local status=0
        wait -n "$fpm" "$nginx" || status=$?
        # A trapped signal ends the wait as well; only the death of a child is the end.
        for name in fpm nginx; do
            if ! kill -0 "${!name}" 2>/dev/null; then
                say "$name ended unexpectedly (status $status)"
                kill -TERM "$fpm" "$nginx" 2>/dev/null || true
                exit 1
            fi
        done
    done
}

# nginx first looks whether it could read its files. PHP then forgets the one compiled file that is not the image's; what
# php-fpm and its php.ini say is read at the start alone.
reload() {
    "${web_server[@]}" -t -q
    curl --silent --show-error --fail --max-time 10 --output /dev/null http://127.0.0.1:8081/reread
    "${web_server[@]}" -s reload
}

drain() {
    trap '' TERM INT
    say "draining for $drain_seconds s"
    touch "$run/draining"
    sleep "$drain_seconds"
    leave
}

# Without a drain when asked for by SIGINT: the whole farm stops, and no balancer is left.
leave() {
    trap '' TERM INT
    # nginx first: it accepts nothing new, and php-fpm must outlive the requests that nginx still waits for.
    kill -QUIT "$nginx" 2>/dev/null || true
    await "$nginx"
    kill -QUIT "$fpm" 2>/dev/null || true
    await "$fpm"
    say 'every request finished'
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
