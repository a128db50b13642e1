<?php

declare(strict_types=1);

namespace WpFarm;

enum SiteState
{
    /** WordPress is installed, at the version of this image. */
    case Ready;

    /** WordPress is installed, and its tables are of an older version. */
    case Outdated;

    /** The database is empty, or holds an interrupted installation. */
    case Missing;

    /** The database does not exist, or the site's user cannot log in to it. */
    case Unreachable;

    /** The database has tables that are neither WordPress's nor the farm's. */
    case Foreign;
}
