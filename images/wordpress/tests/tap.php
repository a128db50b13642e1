<?php

/** The part of the Test Anything Protocol that the tests here need. */

declare(strict_types=1);

$count = 0;
$failures = 0;
function is(mixed $actual, mixed $expected, string $name): void
{
    $ok = $actual === $expected;
    printf("%s %d - %s\n", $ok ? 'ok' : 'not ok', ++$GLOBALS['count'], $name);
    if (!$ok) {
        ++$GLOBALS['failures'];
        printf("# got %s, expected %s\n", var_export($actual, true), var_export($expected, true));
    }
}
