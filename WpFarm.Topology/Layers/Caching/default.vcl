vcl 4.1;

# The page cache of every site. What a response says about itself:
#
#   X-Cache: HIT    from the cache
#            STALE  from the cache, past its time: it is being fetched anew in the background, or its pool is down
#            MISS   from the pool, and in the cache from now on
#            PASS   from the pool, and never cached (logged in, cart, POST, admin, "no-store", ...)
#            NONE   made here: an error page, an answer to PURGE or BAN
#
# Compressing is nginx's, in the pool; Varnish keeps what is compressed, and unpacks it for the few clients that must have it
# so. It also makes one of all values of Accept-Encoding, by itself.

import directors;
import std;

# The director "origin": HAProxy, at the addresses that it has now. Written by the image.
include "backends.vcl";

sub vcl_recv {
    set req.backend_hint = origin.backend();

    if (req.restarts == 0) {
        unset req.http.X-Farm-Cache;
        unset req.http.X-Farm-Error;

        # Varnish appends the address it was called from. With the edge's entry before it, this comes from a visitor; alone,
        # from the farm itself: health checks, and pools that purge.
        if (req.http.X-Forwarded-For !~ ",") {
            if (req.url == "/healthz") {
                # There from when this container is asked to stop: the edge goes elsewhere, and what has begun is finished.
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

    # A healthy pool: nobody gets what is much past its time. See vcl_synth for one that is not.
    if (req.http.X-Farm-Error || !std.healthy(req.backend_hint)) {
        set req.grace = {{grace-hours}}h;
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
    # Nobody's cookies change a file. Elsewhere an address that looks like a file's may be WordPress's, or a plugin's for its members.
    if (req.url ~ "^/wp-(?:content|includes)/[^?]*\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|map|mjs|mp4|otf|pdf|png|svg|ttf|txt|webm|webp|woff2?|xml|zip)(?:\?|$)"
        && req.url !~ "/wp-admin/") {
        call drop_campaigns;
        unset req.http.Cookie;
        unset req.http.Authorization;
        return (hash);
    }
    if (req.http.Authorization || req.http.Upgrade) {
        return (pass);
    }
    # Has got a cookie from the site, whatever its name: HAProxy says so with one more. Others are named in farm.json.
    if (req.http.Cookie ~ "(?:^|;\s*)(?:farm-own{{own-cookies}})=") {
        return (pass);
    }
    # Logged in, has given a page's password, is known as a commenter, or has something in a cart.
    if (req.http.Cookie ~ "(?:^|;\s*)(?:wordpress_logged_in_|wordpress_sec_|wp-postpass_|comment_author_|woocommerce_items_in_cart=|woocommerce_cart_hash=|wp_woocommerce_session_|edd_items_in_cart=)") {
        return (pass);
    }
    if (req.url ~ "/(?:wp-admin(?:[/?]|$)|wp-login\.php|wp-cron\.php|wp-signup\.php|wp-activate\.php|wp-comments-post\.php|xmlrpc\.php|wp-json(?:[/?]|$)|cart(?:[/?]|$)|checkout(?:[/?]|$)|my-account(?:[/?]|$)|wc-api/)"
        || req.url ~ "[?&](?:preview|rest_route|wc-ajax|wc-api|add-to-cart|customize_changeset_uuid|doing_wp_cron|nocache)(?:=|&|$)") {
        return (pass);
    }
    call drop_campaigns;
    unset req.http.Cookie;
    return (hash);
}

# One page, one address: what campaigns and mails hang on to it is not for the pool. The order of what is left has a meaning: of two
# parameters of one name PHP takes the last.
sub drop_campaigns {
    set req.url = regsuball(req.url, "(?<=[?&])(?:utm_[a-z]+|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|twclid|igshid|mc_[ce]id|_ga|_gl{{ignored-parameters}})=[^&]*(?:&|$)", "");
    set req.url = regsub(req.url, "[?&]+$", "");
}

# BAN: everything of a host; or of it, regular expressions both, with X-Ban-Url what has such an address (path and query), with X-Ban-Shows
# what says in X-Farm-Shows that it shows such a thing.
sub ban_pages {
    if (req.http.Host !~ "^[a-z0-9.-]+$" || req.http.X-Ban-Url ~ {"[\s"]"} || req.http.X-Ban-Shows ~ {"[\s"]"}) {
        return (synth(400));
    }
    if (!req.http.X-Ban-Url && !req.http.X-Ban-Shows) {
        set req.http.X-Ban-Url = ".";
    }
    if (req.http.X-Ban-Shows && !std.ban("obj.http.X-Farm-Host == " + req.http.Host + " && obj.http.X-Farm-Shows ~ " + req.http.X-Ban-Shows)) {
        return (synth(400, std.ban_error()));
    }
    if (req.http.X-Ban-Url && !std.ban("obj.http.X-Farm-Host == " + req.http.Host + " && obj.http.X-Farm-Url ~ " + req.http.X-Ban-Url)) {
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
    # The second round after an error, and nothing to fall back on.
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
    # PHP has limits of its own, by tier.
    set bereq.first_byte_timeout = {{longest}}s;
    set bereq.between_bytes_timeout = {{longest}}s;
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    if (beresp.status == 503 && beresp.http.X-Farm-Answer == "own") {
        # WordPress works, and a plugin says so.
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    # In the background, the old object stays. In the foreground this goes to vcl_synth, which looks for one: an error must not
    # become an object, not even for no time, because the newest object is the only one that grace considers.
    if (beresp.status >= 500 || (beresp.status == 429 && bereq.is_bgfetch)) {
        return (abandon);
    }
    if (beresp.status == 429) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }

    # For the ban lurker, which sees objects and no requests.
    set beresp.http.X-Farm-Host = bereq.http.Host;
    set beresp.http.X-Farm-Url = bereq.url;

    # Ten megabytes and more: streamed past the cache, with ranges as the client asks for them.
    if (beresp.http.Content-Length ~ "^[0-9]{8,}$") {
        return (pass(1h));
    }
    # WordPress forbids to cache any 404. Ten seconds are no harm, and take the load off a pool that is being scanned.
    if ((beresp.status == 404 || beresp.status == 410) && !beresp.http.Set-Cookie) {
        set beresp.ttl = 10s;
        set beresp.grace = 0s;
        return (deliver);
    }
    if (!beresp.http.Cache-Control && !beresp.http.Expires && (beresp.status == 302 || beresp.status == 303 || beresp.status == 307)) {
        # Where to go now, and for whom, nobody has said.
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    if (!beresp.http.Cache-Control && !beresp.http.Expires) {
        if (bereq.url ~ "^[^?]*\.(?:avif|css|gif|ico|jpe?g|js|mjs|otf|png|svg|ttf|webp|woff2?)(?:\?|$)" && beresp.status == 200) {
            set beresp.ttl = 1d;
        } else {
            set beresp.ttl = {{page-ttl}}s;
        }
    }
    set beresp.grace = {{grace-hours}}h;
    # Varnish's own rules follow: no-store, private, Set-Cookie and Vary: * make it uncacheable for two minutes.
}

sub vcl_backend_error {
    # HAProxy closed the connection, or has just moved.
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
    # The pool failed: once more, now content with an object of any age. When there is none, vcl_miss ends here again.
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
