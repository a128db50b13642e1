<?php

/** GET /reread, from the container itself: the farm's description has changed. */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

http_response_code(WpFarm\Farm::reread() ? 204 : 500);
