namespace WpFarm.Contracts.Agents.Pools;

/// <summary>
/// Headers of orders to a pool. They carry no <see cref="OrderProof"/>: HAProxy removes <see cref="Order"/> from every request that came
/// through the edge or the page cache (it has <c>X-Forwarded-For</c>), so only a client inside the farm, at the inner listener, can give
/// orders.
/// </summary>
public static class PoolHeaders
{
    /// <summary>Names the order.</summary>
    public const string Order = "X-Farm-Order";

    /// <summary>Path of one page, for example <c>/a/page/</c>.</summary>
    public const string Path = "X-Farm-Path";
}
