<?php

/** Drop-in: the page of a site that cannot reach its database. The status is 5xx, so that Varnish serves an older page. */

// Tells farm-cache-headers.php that this is an outage, not a maintenance page of the site.
defined('FARM_UNAVAILABLE') || define('FARM_UNAVAILABLE', true);
http_response_code(503);
header('Content-Type: text/html; charset=utf-8');
header('Cache-Control: no-store');
header('Retry-After: 10');
error_log('farm-database: ' . (defined('FARM_SITE') ? 'site ' . FARM_SITE : 'a site') . ' cannot reach its database');
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Back in a moment</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem }</style>
<h1>Back in a moment</h1>
<p>This page is briefly unavailable. Please try again in a few seconds.</p>
