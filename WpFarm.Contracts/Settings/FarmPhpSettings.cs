namespace WpFarm.Contracts.Settings;

/// <summary>The settings of WordPress: the array in <see cref="Path"/>, with keys in snake_case. <c>Farm.php</c> reads it.</summary>
public sealed record FarmPhpSettings
{
    /// <summary>The settings file in each container that runs WordPress.</summary>
    public const string Path = "/etc/farm/farm.php";

    /// <summary>By id.</summary>
    public required IReadOnlyDictionary<string, SitePhpSettings> Sites { get; init; }

    /// <summary>The id of the site that each host name belongs to.</summary>
    public required IReadOnlyDictionary<string, string> Hosts { get; init; }

    /// <summary><c>host:port</c> of the cluster's nodes. Empty: there is no cluster.</summary>
    public required IReadOnlyList<string> Redis { get; init; }

    /// <summary><c>host:port</c>. Empty: there is none.</summary>
    public required IReadOnlyList<string> Memcached { get; init; }

    /// <summary>True: Memcached keeps results of database queries.</summary>
    public required bool QueryCache { get; init; }

    /// <summary><c>host:port</c>. Empty: no cache keeps pages.</summary>
    public required string Varnish { get; init; }

    /// <summary>How long the shared caches keep a page, in seconds.</summary>
    public required int PageTtl { get; init; }

    /// <summary>How long after that they may serve it when no new one can be made, in hours.</summary>
    public required int GraceHours { get; init; }

    public required DatabasePhpSettings Database { get; init; }

    /// <summary>True: the container shows restored data, and nothing of the live farm.</summary>
    public required bool Scratch { get; init; }
}

/// <summary>One site. <c>Site.php</c> reads it.</summary>
public sealed record SitePhpSettings
{
    public required string Title { get; init; }

    /// <summary>The name of the site's database.</summary>
    public required string Database { get; init; }

    /// <summary>The MariaDB user that WordPress connects as.</summary>
    public required string User { get; init; }

    /// <summary>With the port where it is not the scheme's own.</summary>
    public required string Url { get; init; }

    /// <summary>Every host name that the site answers to.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>The login name of the administrator.</summary>
    public required string Admin { get; init; }

    /// <summary>The administrator's address.</summary>
    public required string Email { get; init; }

    /// <summary>For example <c>en_US</c>.</summary>
    public required string Locale { get; init; }
}

/// <summary>Where WordPress reaches the database, each as <c>host:port</c>.</summary>
public sealed record DatabasePhpSettings
{
    /// <summary>The one server that accepts writes.</summary>
    public required string Writer { get; init; }

    /// <summary>The servers that answer reads.</summary>
    public required string Reader { get; init; }
}
