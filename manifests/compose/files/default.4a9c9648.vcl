vcl 4.1;

# The page cache of all sites. Each response has a header X-Cache:
#
#   X-Cache: HIT    from the cache
#            STALE  from the cache, expired: it is being fetched again in the background, or its pool is down
#            MISS   from the pool, and cached from now on
#            PASS   from the pool, and never cached (logged in, cart, POST, admin, "no-store", ...)
#            NONE   generated here: an error page, an answer to PURGE or BAN
#
# nginx in the pool compresses. Varnish caches the compressed response, normalizes Accept-Encoding, and decompresses for the few clients
# that do not accept gzip.

import directors;
import std;

# The director "origin": HAProxy, at its present addresses. The image writes this file.
include "backends.vcl";

sub vcl_recv {
    set req.backend_hint = origin.backend();

    if (req.restarts == 0) {
        unset req.http.X-Farm-Cache;
        unset req.http.X-Farm-Error;

        # Varnish appends the address of its client. A visitor's request also has the edge's entry before it. A request with one entry
        # comes from the farm itself: a health check, or a pool that purges.
        if (req.http.X-Forwarded-For !~ ",") {
            if (req.url == "/healthz") {
                # The file exists while this container drains: the edge sends no new requests, and those in flight finish.
                if (std.file_exists("/var/lib/varnish/draining")) {
                    return (synth(503));
                }
                return (synth(200));
            }
            set req.http.X-Farm-Internal = "1";
        } else {
            unset req.http.X-Farm-Internal;
            set req.http.X-Forwarded-For = regsub(req.http.X-Forwarded-For, ",[^,]*$", "");
        }
        if (req.http.X-Forwarded-Proto != "https") {
            set req.http.X-Forwarded-Proto = "http";
        }
        set req.http.Host = regsub(std.tolower(req.http.Host), "\.?(:[0-9]+)?$", "");
    }

    # While the pool is healthy, no page is served that expired more than 10 s ago. See vcl_synth for an unhealthy pool.
    if (req.http.X-Farm-Error || !std.healthy(req.backend_hint)) {
        set req.grace = 24h;
    } else {
        set req.grace = 10s;
    }

    if (req.method == "PURGE" || req.method == "BAN") {
        if (!req.http.X-Farm-Internal) {
            return (synth(405));
        }
        if (req.method == "PURGE") {
            return (purge);
        }
        call ban_pages;
    }

    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Cookies do not change a file. Outside of these folders, WordPress or a plugin may answer for an address that looks like a file's.
    if ((req.url ~ "^/wp-(?:content|includes)/[^?]*\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|map|mjs|mp4|otf)(?:\?|$)"
            || req.url ~ "^/wp-(?:content|includes)/[^?]*\.(?:pdf|png|svg|ttf|txt|webm|webp|woff2?|xml|zip)(?:\?|$)")
        && req.url !~ "/wp-admin/") {
        call drop_campaign_parameters;
        unset req.http.Cookie;
        unset req.http.Authorization;
        return (hash);
    }
    if (req.http.Authorization || req.http.Upgrade) {
        return (pass);
    }
    # The visitor has a cookie of the site: with any cookie that a site sets, HAProxy sets farm-own. farm.json names further cookies.
    if (req.http.Cookie ~ "(?:^|;\s*)(?:farm-own)=") {
        return (pass);
    }
    # The visitor is logged in, has entered the password of a page, has commented, or has something in a cart.
    if (req.http.Cookie ~ "(?:^|;\s*)(?:wordpress_logged_in_|wordpress_sec_|wp-postpass_|comment_author_)"
        || req.http.Cookie ~ "(?:^|;\s*)(?:woocommerce_items_in_cart=|woocommerce_cart_hash=|wp_woocommerce_session_|edd_items_in_cart=)") {
        return (pass);
    }
    if (req.url ~ "/(?:wp-login|wp-cron|wp-signup|wp-activate|wp-comments-post|xmlrpc)\.php"
        || req.url ~ "/(?:(?:wp-admin|wp-json|cart|checkout|my-account)(?:[/?]|$)|wc-api/)"
        || req.url ~ "[?&](?:preview|rest_route|wc-ajax|wc-api|add-to-cart|customize_changeset_uuid|doing_wp_cron|nocache)(?:=|&|$)") {
        return (pass);
    }
    call drop_campaign_parameters;
    unset req.http.Cookie;
    return (hash);
}

# Removes the parameters that campaigns and mails add to an address, so that a page is cached once. The order of the other parameters
# stays: of two parameters with one name, PHP uses the last.
sub drop_campaign_parameters {
    set req.url = regsuball(req.url, "(?<=[?&])(?:utm_[a-z]+|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|twclid)=[^&]*(?:&|$)", "");
    set req.url = regsuball(req.url, "(?<=[?&])(?:igshid|mc_[ce]id|_ga|_gl)=[^&]*(?:&|$)", "");
    set req.url = regsub(req.url, "[?&]+$", "");
}

# BAN bans the pages of a host: with X-Ban-Url, those whose address (path and query) matches this regular expression; with X-Ban-Shows,
# those whose cache tags in X-Farm-Shows match it; with neither, all of them.
sub ban_pages {
    if (req.http.Host !~ "^[a-z0-9.-]+$" || req.http.X-Ban-Url ~ {"[\s"]"} || req.http.X-Ban-Shows ~ {"[\s"]"}) {
        return (synth(400));
    }
    if (!req.http.X-Ban-Url && !req.http.X-Ban-Shows) {
        set req.http.X-Ban-Url = ".";
    }
    if (req.http.X-Ban-Shows
        && !std.ban("obj.http.X-Farm-Host == " + req.http.Host + " && obj.http.X-Farm-Shows ~ " + req.http.X-Ban-Shows)) {
        return (synth(400, std.ban_error()));
    }
    if (req.http.X-Ban-Url
        && !std.ban("obj.http.X-Farm-Host == " + req.http.Host + " && obj.http.X-Farm-Url ~ " + req.http.X-Ban-Url)) {
        return (synth(400, std.ban_error()));
    }
    return (synth(200));
}

sub vcl_hash {
    hash_data(req.url);
    hash_data(req.http.Host);
    hash_data(req.http.X-Forwarded-Proto);
    return (lookup);
}

sub vcl_hit {
    if (obj.ttl > 0s) {
        set req.http.X-Farm-Cache = "HIT";
    } else {
        set req.http.X-Farm-Cache = "STALE";
    }
}

sub vcl_miss {
    # The second attempt after an error, and the cache has no older page.
    if (req.http.X-Farm-Error) {
        return (synth(503));
    }
    set req.http.X-Farm-Cache = "MISS";
}

sub vcl_pass {
    set req.http.X-Farm-Cache = "PASS";
}

sub vcl_backend_fetch {
    unset bereq.http.X-Farm-Cache;
    unset bereq.http.X-Farm-Internal;
    unset bereq.http.X-Farm-Error;
    unset bereq.http.X-Ban-Url;
    unset bereq.http.X-Ban-Shows;
    # PHP's own limits, which differ by tier, are shorter.
    set bereq.first_byte_timeout = 300s;
    set bereq.between_bytes_timeout = 300s;
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status == 503 && beresp.http.X-Farm-Answer == "own") {
        # WordPress works, and a plugin sends this, for example a maintenance page.
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    # In a background fetch the old object stays. In the foreground this leads to vcl_synth, which looks for an older object. An error must
    # not become an object, not even one with a TTL of 0, because grace considers only the newest object.
    if (beresp.status >= 500 || (beresp.status == 429 && bereq.is_bgfetch)) {
        return (abandon);
    }
    if (beresp.status == 429) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }

    # For the ban lurker, which sees objects but no requests.
    set beresp.http.X-Farm-Host = bereq.http.Host;
    set beresp.http.X-Farm-Url = bereq.url;

    # Whoever asks for many addresses with a query drops others of their kind from the cache, and no page.
    if (bereq.url ~ "\?") {
        set beresp.storage = storage.queries;
    } else {
        set beresp.storage = storage.pages;
    }

    # Ten megabytes and more are streamed and not cached; the client's range requests then pass through.
    if (beresp.http.Content-Length ~ "^[0-9]{8,}$") {
        return (pass(1h));
    }
    # WordPress forbids to cache any 404. Ten seconds do no harm, and keep the load of a scan away from the pool.
    if ((beresp.status == 404 || beresp.status == 410) && !beresp.http.Set-Cookie) {
        set beresp.ttl = 10s;
        set beresp.grace = 0s;
        return (deliver);
    }
    if (!beresp.http.Cache-Control && !beresp.http.Expires && (beresp.status == 302 || beresp.status == 303 || beresp.status == 307)) {
        # A temporary redirect without caching headers may differ for each visitor.
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    if (!beresp.http.Cache-Control && !beresp.http.Expires) {
        if (bereq.url ~ "^[^?]*\.(?:avif|css|gif|ico|jpe?g|js|mjs|otf|png|svg|ttf|webp|woff2?)(?:\?|$)" && beresp.status == 200) {
            set beresp.ttl = 1d;
        } else {
            set beresp.ttl = 600s;
        }
    }
    set beresp.grace = 24h;
    # Varnish's own rules follow: no-store, private, Set-Cookie and Vary: * make it uncacheable for two minutes.
}

sub vcl_backend_error {
    # HAProxy has closed the connection, or has a new address.
    if (bereq.retries == 0 && (bereq.method == "GET" || bereq.method == "HEAD")) {
        return (retry);
    }
    return (abandon);
}

sub vcl_deliver {
    if (req.http.X-Farm-Cache == "MISS" && obj.uncacheable) {
        set req.http.X-Farm-Cache = "PASS";
    }
    set resp.http.X-Cache = req.http.X-Farm-Cache;

    # The times that PHP reports are those of the request that filled the cache.
    if (req.http.X-Farm-Cache == "HIT" || req.http.X-Farm-Cache == "STALE" || !resp.http.Server-Timing) {
        set resp.http.Server-Timing = "cdn-cache; desc=" + req.http.X-Farm-Cache;
    } else {
        set resp.http.Server-Timing = resp.http.Server-Timing + ", cdn-cache; desc=" + req.http.X-Farm-Cache;
    }

    unset resp.http.X-Farm-Host;
    unset resp.http.X-Farm-Url;
    unset resp.http.X-Farm-Shows;
    unset resp.http.X-Farm-Answer;
    unset resp.http.X-Varnish;
    unset resp.http.X-Powered-By;
    unset resp.http.Server;
    unset resp.http.Via;
}

sub vcl_synth {
    # The pool failed: try once more, and accept an object of any age. When there is none, vcl_miss leads here again.
    if (resp.status == 503 && req.http.X-Farm-Cache == "MISS" && !req.http.X-Farm-Error) {
        set req.http.X-Farm-Error = "1";
        return (restart);
    }
    set resp.http.X-Cache = "NONE";
    set resp.http.Cache-Control = "no-store";
    unset resp.http.X-Varnish;
    unset resp.http.Server;
    if (resp.status < 500) {
        set resp.http.Content-Type = "text/plain; charset=utf-8";
        synthetic(resp.reason + {"
"});
        return (deliver);
    }
    set resp.http.Content-Type = "text/html; charset=utf-8";
    set resp.http.Retry-After = "10";
    synthetic({"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Please come back in a moment</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:20vh auto;max-width:32rem;padding:0 1rem;color:#333}</style>
<h1>Please come back in a moment</h1>
<p>This page cannot be shown right now.</p>
</html>
"});
    return (deliver);
}
