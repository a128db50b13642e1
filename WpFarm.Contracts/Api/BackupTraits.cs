namespace WpFarm.Contracts.Api;

/// <summary>What a kind of backup is for in a recovery. Decides how its backups are kept.</summary>
public enum BackupRole
{
    /// <summary>The first backup of a chain.</summary>
    Base,

    /// <summary>Continues its parent in a chain.</summary>
    Increment,

    /// <summary>Applied after a chain. Kept as long as a chain that is kept may need it.</summary>
    Log,

    /// <summary>Restored alone. Kept by the periods of the retention policy, each site by itself.</summary>
    Independent,
}

/// <summary>What follows from a backup's kind.</summary>
public sealed record BackupTraits(BackupRole Role)
{
    /// <summary>The kind in an id, when it is not the kind's word.</summary>
    public string? IdWord { get; init; }

    /// <summary>Properties without which a manifest of the kind is broken, as its JSON names them.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>True when a person may order one: <c>POST /api/backups/now/{kind}</c>.</summary>
    public bool CanBeOrdered { get; init; }

    /// <summary>Description of the option of <c>./farm backup now</c> that is named for the kind. Null: there is no such option.</summary>
    public string? OrderOption { get; init; }

    /// <summary>The key of farm.json without which a farm makes none. Null: each farm with backups makes them.</summary>
    public string? EnabledBy { get; init; }
}
