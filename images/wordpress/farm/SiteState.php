<?php

declare(strict_types=1);

namespace WpFarm;

enum SiteState
{
    /** WordPress is there, at the version of this image. */
    case Ready;

    /** WordPress is there, and its tables are of an older version. */
    case Outdated;

    /** Nothing there, or what an interrupted installation has left. */
    case Missing;

    /** No database, or one that the site's user cannot enter. */
    case Unreachable;

    /** Tables that are neither WordPress's nor ours. */
    case Foreign;
}
