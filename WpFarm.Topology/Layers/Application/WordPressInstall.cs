using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Management;

namespace WpFarm.Topology.Layers.Application;

/// <summary>Creates the database, the user and the first content of every new site. Runs at every start of the farm.</summary>
internal static class WordPressInstall
{
    public const string Name = "wordpress-install";

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Application,
            Description = "Installs the sites of farm.json that are not there yet",
            Image = WordPress.Image,
            Kind = ServiceKind.Job,
            Command = ["install"],
            Files = WordPress.Files(farm, Backends.Live),
            Secrets = [Secret.SitesKey, Secret.AdminKey, Secret.SitesAdmin, Secret.Redis, Secret.SiteLoginKey],
            SecretsFolder = WordPress.SecretsFolder,
            RootReason = "gives each site a Unix user, and the site's uploads to it",
            Capabilities =
            [
                .. WordPress.Capabilities,
                new("DAC_OVERRIDE", "enters the uploads of the sites"),
                new("FOWNER", "sets the modes of the sites' uploads"),
                new("FSETID", "makes new files of a folder of uploads readable by nginx's group"),
            ],
            Networks = [Network.WordPress, Network.Caching],
            Mounts = [new Mount(Volume.Uploads, WordPress.UploadsPath)],
            Tmpfs = WordPress.Tmpfs,
            // It uses Redis, and writes to the database server that the Orchestrator has made the writer.
            DependsOn = [new(Redis.JobName, DependencyCondition.Completed), new(Orchestrator.Name)],
            Calls = WordPress.Calls,
            Limits = new ResourceLimits(2, ByteSize.MB(512)),
            Placement = new Placement { Role = NodeRole.App },
        };
}
