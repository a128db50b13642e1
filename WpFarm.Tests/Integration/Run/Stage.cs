namespace WpFarm.Tests.Integration.Run;

/// <summary>What a test class does to the shared farm. Classes run in this order.</summary>
public enum Stage
{
    /// <summary>Reads, and writes only what disturbs no other test: posts, backups, its own tables.</summary>
    Reads,

    /// <summary>Stops, kills, fills or restores something, and waits until the farm is healthy again.</summary>
    Breaks,

    /// <summary>Deletes the farm with its data, or needs the machine for another farm.</summary>
    Destroys,
}
