namespace WpFarm.Deployment.Backups;

/// <summary>What is to be put back, and to when. Of <see cref="To"/>, <see cref="Gtid"/> and <see cref="From"/> one, or none: as far as it goes.</summary>
public sealed record RestoreOrder
{
    /// <summary>Everything up to this moment, in ISO 8601.</summary>
    public string? To { get; init; }

    /// <summary>Everything up to this transaction, and it too.</summary>
    public string? Gtid { get; init; }

    /// <summary>What this backup holds: its id.</summary>
    public string? From { get; init; }

    /// <summary>Null: the whole farm.</summary>
    public string? Site { get; init; }

    /// <summary>A database beside the site's; null: the site is put back.</summary>
    public string? Into { get; init; }

    /// <summary>Of a whole farm: the uploads too.</summary>
    public bool Uploads { get; init; }

    internal string Query
    {
        get
        {
            var said = new (string Key, string? Value)[] { ("to", To), ("gtid", Gtid), ("from", From), ("site", Site), ("into", Into), ("uploads", Uploads ? "true" : null) };
            return string.Concat(said.Where(part => part.Value is not null).Select((part, index) => $"{(index == 0 ? '?' : '&')}{part.Key}={Uri.EscapeDataString(part.Value!)}"));
        }
    }
}
