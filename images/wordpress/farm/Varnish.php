<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Sends bans to every Varnish of the farm. The instances share nothing, so each gets the request, all at the same time:
 *
 *     BAN / HTTP/1.1
 *     Host: blog.example.org
 *     X-Ban-Shows: ,(?:p12|list|many),          matched against the cache tags of the pages ({@see CacheTags})
 *     X-Ban-Url: (?i)^(?:/hello-world...)$      matched against path and query
 */
final class Varnish
{
    private const CONNECT_MILLISECONDS = 300;
    private const TOTAL_MILLISECONDS = 1000;

    /**
     * @param list<string> $hosts the host names of the site
     * @return bool false: not every Varnish accepted the ban; the log names those that did not
     */
    public static function ban(string $varnish, array $hosts, BanList $bans): bool
    {
        $headers = $bans->headers();
        if ($headers === []) {
            return true;
        }
        [$name, $port] = explode(':', $varnish);
        $addresses = gethostbynamel($name) ?: [];
        if ($addresses === []) {
            error_log("farm-purge: $name does not resolve; Varnish keeps old pages until they expire");

            return false;
        }

        $multi = curl_multi_init();
        $requests = [];
        foreach ($addresses as $address) {
            foreach ($hosts as $host) {
                $request = curl_init("http://$address:$port/");
                curl_setopt_array($request, [
                    // Not through the proxy to the internet, which the environment names.
                    CURLOPT_PROXY => '',
                    CURLOPT_CUSTOMREQUEST => 'BAN',
                    CURLOPT_HTTPHEADER => ["Host: $host", ...$headers],
                    CURLOPT_RETURNTRANSFER => true,
                    CURLOPT_CONNECTTIMEOUT_MS => self::CONNECT_MILLISECONDS,
                    CURLOPT_TIMEOUT_MS => self::TOTAL_MILLISECONDS,
                ]);
                curl_multi_add_handle($multi, $request);
                $requests["$address $host"] = $request;
            }
        }
        do {
            curl_multi_exec($multi, $running);
        } while ($running > 0 && curl_multi_select($multi, 0.1) !== -1);

        $complete = true;
        foreach ($requests as $target => $request) {
            $status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
            if ($status !== 200) {
                $complete = false;
                error_log("farm-purge: BAN at $target failed (" . (curl_error($request) ?: "status $status") . ')');
            }
        }

        return $complete;
    }
}
