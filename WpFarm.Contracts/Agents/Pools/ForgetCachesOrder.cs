namespace WpFarm.Contracts.Agents.Pools;

/// <summary>
/// A pool empties what is kept of one site: objects in Redis, query results in Memcached, pages in Varnish. The site is the request's
/// <c>Host</c>. The request needs <see cref="PoolHeaders.Order"/> with the value <see cref="Order"/>.
/// </summary>
/// <remarks>
/// Answers text: status 200 when everything is emptied; 503 and what is not, by name, such as <c>Redis does not answer</c>; 404 without the
/// header, for a host that is no site, and in a scratch container. Can be repeated at any time: the caches are emptied again.
/// </remarks>
/// <param name="Page">
/// Path of a page, sent as <see cref="PoolHeaders.Path"/>: empties the page cache of that page and nothing else. Null: everything.
/// </param>
public sealed record ForgetCachesOrder(string? Page)
{
    /// <summary>The value of <see cref="PoolHeaders.Order"/>.</summary>
    public const string Order = "forget";

    public static AgentRoute Route { get; } = new("POST", "/.farm/forget");

    /// <summary>In the order in which they are sent. A value that is null is not sent.</summary>
    public IReadOnlyList<(string Name, string? Value)> Headers => [(PoolHeaders.Order, Order), (PoolHeaders.Path, Page)];
}
