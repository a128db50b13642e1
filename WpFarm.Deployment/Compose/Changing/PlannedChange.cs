namespace WpFarm.Deployment.Compose.Changing;

/// <summary>What <c>./farm up</c> does with one service of a running farm.</summary>
/// <param name="Because">What differs: names of files, <c>image</c>, <c>settings</c> or <c>replicas</c>.</param>
public sealed record PlannedChange(string Service, ServiceAction Action, IReadOnlyList<string> Because);

public enum ServiceAction
{
    /// <summary>Starts a service that does not run.</summary>
    Start,

    /// <summary>Reloads changed files in the running containers.</summary>
    Reload,

    /// <summary>Stops each container, then starts a new one. For services that no visitor needs.</summary>
    Replace,

    /// <summary>Starts a new container for each old one; once it is healthy, the old one finishes its requests and ends.</summary>
    StartFirst,

    /// <summary>Replaces services with data one after the other; another one of the same kind serves meanwhile.</summary>
    InTurn,

    /// <summary>
    /// Replaces a service that listens on the visitors' port: connections are refused for two to four seconds, until the new one listens.
    /// </summary>
    ReplaceEdge,

    /// <summary>Runs a job that differs from the one that ran last.</summary>
    RunAgain,

    /// <summary>Removes a service that is no longer part of the farm.</summary>
    Remove,
}
