<?php

/** Prints the twelve functions in which the profiled pages spent most of their time, without and with the functions that they call. */

declare(strict_types=1);

$samples = 0;
$self = $inclusive = [];
$pages = glob('/profile/pages/*');
foreach ($pages as $file) {
    $page = json_decode(file_get_contents($file), associative: true, flags: JSON_THROW_ON_ERROR);
    $samples += $page['samples'];
    foreach ($page['functions'] as $name => $counts) {
        $self[$name] = ($self[$name] ?? 0) + $counts['self'];
        $inclusive[$name] = ($inclusive[$name] ?? 0) + $counts['inclusive'];
    }
}
printf("%d pages, %.1f ms each\n\n", count($pages), $samples * 0.2 / count($pages));
echo "| function | by itself | with the functions it calls |\n|---|---|---|\n";
arsort($self);
foreach (array_slice($self, 0, (int) ($argv[1] ?? 12), preserve_keys: true) as $name => $count) {
    $short = preg_replace('~^(?:.*/)?wordpress/~', '', $name);
    printf("| `%s` | %.1f %% | %.1f %% |\n", $short, 100 * $count / $samples, 100 * $inclusive[$name] / $samples);
}
