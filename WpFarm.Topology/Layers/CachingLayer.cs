using WpFarm.Topology.Layers.Caching;

namespace WpFarm.Topology.Layers;

internal static class CachingLayer
{
    public static IEnumerable<Service> Services(FarmDesign farm) =>
        [Varnish.Service(farm), .. Redis.Services(farm), Memcached.Service(farm)];
}
