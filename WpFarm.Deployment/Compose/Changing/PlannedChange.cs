namespace WpFarm.Deployment.Compose.Changing;

/// <summary>What <c>./farm up</c> does with one service of a farm that runs.</summary>
/// <param name="Because">Files, or <c>image</c> or <c>settings</c>: what is another.</param>
public sealed record PlannedChange(string Service, ServiceAction Action, IReadOnlyList<string> Because);

public enum ServiceAction
{
    /// <summary>It does not run, and is started.</summary>
    Start,

    /// <summary>It takes changed files up while it runs.</summary>
    Reload,

    /// <summary>A new container for an old one, which stops first. No visitor needs it.</summary>
    Replace,

    /// <summary>For each container a new one beside it; when that is healthy the old one finishes its requests and ends.</summary>
    StartFirst,

    /// <summary>It has data: one of its kind at a time stops and comes back, and another does its work meanwhile.</summary>
    InTurn,

    /// <summary>It holds the port that visitors come to: connections are refused from its stop to its start, for two to four seconds.</summary>
    ReplaceEdge,

    /// <summary>A job that is another than the one that ran last.</summary>
    RunAgain,

    /// <summary>It is no part of the farm any more.</summary>
    Remove,
}
