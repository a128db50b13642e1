namespace WpFarm.Topology.Layers.Caching;

internal static class Memcached
{
    // Used by the application layer; keep these names.
    public const string Name = "memcached";
    public const int Port = 11211;
}
