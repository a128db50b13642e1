using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Backups;

/// <summary>
/// Shows each site's pages from the data that was restored into <see cref="MariadbScratch"/>, to any client that sends the site's host
/// name. It has no key of the sites, only the password of that server's reader, and shares no network with the caches or the outside, so
/// it cannot change the live farm.
/// </summary>
internal static class WordPressScratch
{
    public const string Name = "wordpress-scratch";

    public static ServiceEndpoint Pages => ServiceEndpoint.Http(Name, Pool.HttpPort);

    public static Service Service(FarmDesign farm)
    {
        var phpMemory = farm.Tiers.Select(tier => tier.Value.PhpMemory).DefaultIfEmpty(new TierOptions().PhpMemory).Max();
        return new Service
        {
            Name = Name,
            Layer = Layer.Application,
            Description = "Shows the sites from restored data",
            Image = WordPress.Image,
            // It serves no visitors, so a stop need not drain.
            Environment = new Dictionary<string, string> { ["FARM_DRAIN_SECONDS"] = "0" },
            Files =
            [
                .. WordPress.Files(farm, Backends.Scratch),
                .. WordPress.WebFiles(farm, RequestLimits.Of(farm), guarded: []),
                .. WordPress.PhpFpmFiles(workers: 1, phpMemory, RequestLimits.Of(farm)),
            ],
            Reload = WordPress.Reload,
            Secrets = [Secret.Scratch],
            SecretsFolder = WordPress.SecretsFolder,
            RootReason = "its PHP runs as a user that cannot read the password's file, as in a pool",
            Capabilities = WordPress.Capabilities,
            Networks = [Network.WordPress],
            // It receives no uploads.
            Tmpfs = [.. WordPress.Tmpfs, new(WordPress.SpoolPath, ByteSize.MB(8)) { Uid = WordPress.WwwData, Gid = WordPress.WwwData }],
            Health = WordPress.Health,
            Calls = [new(DbProxy.ScratchReads, CallKind.Request, "restored data")],
            // The largest memory limit of a request in any tier, plus nginx, PHP itself and the opcode cache.
            Limits = new(Cpus: 1, ByteSize.MB(phpMemory.Megabytes + 128)),
            Placement = new() { Role = NodeRole.App },
        };
    }
}
