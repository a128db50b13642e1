<?php

/**
 * PHP's sendmail: reads a message with headers, and submits it to the farm's mail server as the site that FARM_SITE names. wp-config.php
 * sets that for the request. Arguments, as those of sendmail(8): -t takes the recipients from To, Cc and Bcc; others are recipients. The
 * sender is the site's. Exit code 75, as in sysexits.h: the server does not take it now.
 */

declare(strict_types=1);

use PHPMailer\PHPMailer\PHPMailer;
use PHPMailer\PHPMailer\SMTP;
use WpFarm\Farm;
use WpFarm\SiteSecrets;

require __DIR__ . '/autoload.php';
require '/usr/share/wordpress/wp-includes/PHPMailer/PHPMailer.php';
require '/usr/share/wordpress/wp-includes/PHPMailer/SMTP.php';
require '/usr/share/wordpress/wp-includes/PHPMailer/Exception.php';

function refuse(string $problem): never
{
    fwrite(STDERR, "farm-sendmail: $problem\n");
    exit(75);
}

$farm = Farm::current();
$site = $farm->site((string) getenv('FARM_SITE')) ?? refuse('FARM_SITE is not the id of a site of this farm');
if ($farm->mail() === '') {
    refuse('this container sends no mail');
}

$message = str_replace(["\r\n", "\n"], ["\n", "\r\n"], (string) stream_get_contents(STDIN));
[$head, $body] = explode("\r\n\r\n", $message, 2) + [1 => ''];
$headers = preg_split('/\r\n(?![ \t])/', $head);
$recipients = array_values(array_filter(array_slice($argv, 1), static fn (string $argument): bool => str_contains($argument, '@')
    && $argument[0] !== '-'));
if (in_array('-t', $argv, true)) {
    foreach (preg_grep('/^(?:to|cc|bcc):/i', $headers) as $header) {
        foreach (PHPMailer::parseAddresses(preg_replace('/\r\n[ \t]+/', ' ', substr($header, strpos($header, ':') + 1)), false) as $one) {
            $recipients[] = $one['address'];
        }
    }
}
if ($recipients === []) {
    refuse('the message has no recipient');
}
$headers = preg_grep('/^(?:bcc|return-path):/i', $headers, PREG_GREP_INVERT);
if (preg_grep('/^from:/i', $headers) === []) {
    $headers[] = "From: {$site->mailSender()}";
}

[$host, $port] = explode(':', $farm->mail());
$server = new SMTP();
$sent = $server->connect($host, (int) $port, 10)
    && $server->hello($site->id)
    && $server->authenticate($site->id, $site->secret(SiteSecrets::MAIL), 'PLAIN')
    && $server->mail($site->mailSender());
foreach ($recipients as $recipient) {
    $sent = $sent && $server->recipient($recipient);
}
if (!$sent || !$server->data(implode("\r\n", $headers) . "\r\n\r\n" . $body)) {
    $problem = $server->getError();
    refuse(trim("the mail server does not take it: {$problem['error']} {$problem['detail']}"));
}
$server->quit();
