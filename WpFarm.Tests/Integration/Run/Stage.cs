namespace WpFarm.Tests.Integration.Run;

/// <summary>What a class of tests does to the farm that all share. Classes run in this order.</summary>
public enum Stage
{
    /// <summary>Asks, and writes what nobody minds: posts, backups, tables of its own.</summary>
    Reads,

    /// <summary>Stops, kills, fills up or restores something, and waits until it is well again.</summary>
    Breaks,

    /// <summary>Takes the farm away with its data, or needs the machine for another farm.</summary>
    Destroys,
}
