namespace WpFarm.Backups.Catalogue;

/// <summary>A manifest is invalid, or was written by a newer program.</summary>
public sealed class ManifestException(string id, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Id of the backup.</summary>
    public string Id { get; } = id;
}
