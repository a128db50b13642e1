<?php

/** GET /reread: makes PHP read farm.php again. The container's own reload command calls it. */

declare(strict_types=1);

require __DIR__ . '/autoload.php';

http_response_code(WpFarm\Farm::reread() ? 204 : 500);
