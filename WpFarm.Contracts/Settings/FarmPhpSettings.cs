namespace WpFarm.Contracts.Settings;

/// <summary>WordPress' settings: the array in <see cref="Path"/>, with keys in snake_case. <c>Farm.php</c> reads it.</summary>
public sealed record FarmPhpSettings
{
    /// <summary>The settings file in each container that runs WordPress.</summary>
    public const string Path = "/etc/farm/farm.php";

    /// <summary>All sites by id.</summary>
    public required IReadOnlyDictionary<string, SitePhpSettings> Sites { get; init; }

    /// <summary>The id of the site that each host name belongs to.</summary>
    public required IReadOnlyDictionary<string, string> Hosts { get; init; }

    /// <summary>Addresses of the Redis Cluster's nodes, each as <c>host:port</c>. Empty: there is no cluster.</summary>
    public required IReadOnlyList<string> Redis { get; init; }

    /// <summary>Addresses of Memcached, each as <c>host:port</c>. Empty: there is none.</summary>
    public required IReadOnlyList<string> Memcached { get; init; }

    /// <summary>True: Memcached caches results of database queries.</summary>
    public required bool QueryCache { get; init; }

    /// <summary>Address of the page cache as <c>host:port</c>. Empty: there is none.</summary>
    public required string Varnish { get; init; }

    /// <summary>Address of the proxy to the internet as <c>host:port</c>. Empty: there is none.</summary>
    public required string Egress { get; init; }

    /// <summary>Address of the mail server as <c>host:port</c>. Empty: there is none.</summary>
    public required string Mail { get; init; }

    /// <summary>Time that the shared caches keep a page, in seconds.</summary>
    public required int PageTtl { get; init; }

    /// <summary>Further time that they may serve it if no new one can be rendered, in hours.</summary>
    public required int GraceHours { get; init; }

    public required DatabasePhpSettings Database { get; init; }

    /// <summary>True: the container shows restored data and has no access to the live farm.</summary>
    public required bool Scratch { get; init; }
}

/// <summary>The settings of one site. <c>Site.php</c> reads them.</summary>
public sealed record SitePhpSettings
{
    public required string Title { get; init; }

    /// <summary>The name of the site's database.</summary>
    public required string Database { get; init; }

    /// <summary>The MariaDB user that WordPress connects as.</summary>
    public required string User { get; init; }

    /// <summary>The site's address, with the port if it is not the scheme's default.</summary>
    public required string Url { get; init; }

    /// <summary>Every host name that the site answers to.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Domains that the site may send mail from, its own first.</summary>
    public required IReadOnlyList<string> MailDomains { get; init; }

    /// <summary>The login name of the administrator.</summary>
    public required string Admin { get; init; }

    /// <summary>The administrator's e-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>For example <c>en_US</c>.</summary>
    public required string Locale { get; init; }
}

/// <summary>The addresses of the database, each as <c>host:port</c>.</summary>
public sealed record DatabasePhpSettings
{
    /// <summary>The listener for the one server that accepts writes.</summary>
    public required string Writer { get; init; }

    /// <summary>The listener for the servers that answer reads.</summary>
    public required string Reader { get; init; }
}
