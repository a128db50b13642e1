namespace WpFarm.Deployment.Compose;

/// <summary>Labels that identify a farm's containers, networks and volumes.</summary>
public static class ComposeLabels
{
    public const string Farm = "wpfarm.farm";
    public const string Layer = "wpfarm.layer";
    public const string Kind = "wpfarm.kind";

    /// <summary>The signal that ends a container without a drain.</summary>
    public const string QuickStop = "wpfarm.quick-stop";

    public const string Secrets = "wpfarm.secrets";

    /// <summary>Hash of the service's definition, on a swarm's service or on a container of this machine.</summary>
    public const string Digest = "wpfarm.digest";

    /// <summary>Set by compose.</summary>
    public const string Project = "com.docker.compose.project";

    /// <summary>Set by compose.</summary>
    public const string Service = "com.docker.compose.service";

    /// <summary>Number of a container within its service, from 1. Set by compose.</summary>
    public const string Number = "com.docker.compose.container-number";
}
