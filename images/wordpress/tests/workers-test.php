<?php

/** Tests how requests are counted. Prints TAP; exits with 1 when a test fails. */

declare(strict_types=1);

use WpFarm\Workers;

require '/usr/local/lib/wpfarm/autoload.php';
require __DIR__ . '/tap.php';

const LISTENS = '0000000000000000: 00000002 00000000 00010000 0001 01 3651300 /run/farm/php/20001.sock';
const CONNECTED = '0000000000000000: 00000003 00000000 00000000 0001 03 3651485 /run/farm/php/20001.sock';
const WAITS = '0000000000000000: 00000003 00000000 00000000 0001 02     0 /run/farm/php/20002.sock';
const OPERATIONS = '0000000000000000: 00000003 00000000 00000000 0001 03 3651486 /run/farm/php/ops.sock';
const CLIENT = '0000000000000000: 00000003 00000000 00000000 0001 03 3651487';

is(Workers::requests(implode("\n", [LISTENS, CONNECTED, WAITS, OPERATIONS, CLIENT])), 2, 'each connection of a site is a request');
is(Workers::requests(LISTENS), 0, 'a socket that listens is none');

$address = '/run/farm/php/20000.sock';
$server = @stream_socket_server("unix://$address");
if ($server !== false) {
    $before = Workers::requests();
    $waits = stream_socket_client("unix://$address");
    is(Workers::requests(), $before + 1, 'a request that nobody has accepted yet counts');
    fclose($waits);
    fclose($server);
    unlink($address);
}

echo "1..$count\n";
exit($failures === 0 ? 0 : 1);
