namespace WpFarm.Contracts.Agents.Pools;

/// <summary>
/// A pool empties one site's caches: objects in Redis, query results in Memcached, pages in Varnish. The site is the request's
/// <c>Host</c>. The request needs <see cref="PoolHeaders.Order"/> with the value <see cref="Order"/>.
/// </summary>
/// <remarks>
/// The answer is text. Status 200: all caches are empty. 503: some are not, and the text names them, such as
/// <c>Redis does not answer</c>. 404: no header, unknown host, or a scratch container. Can be repeated at any time: the caches are emptied
/// again.
/// </remarks>
/// <param name="Page">
/// Path of a page, sent as <see cref="PoolHeaders.Path"/>: removes only this page, and only from the page cache. Null: everything.
/// </param>
public sealed record PurgeCachesOrder(string? Page)
{
    /// <summary>The value of <see cref="PoolHeaders.Order"/>.</summary>
    public const string Order = "forget";

    public static AgentRoute Route { get; } = new("POST", "/.farm/forget");

    /// <summary>The headers in the order in which they are sent. A header whose value is null is not sent.</summary>
    public IReadOnlyList<(string Name, string? Value)> Headers => [(PoolHeaders.Order, Order), (PoolHeaders.Path, Page)];
}
