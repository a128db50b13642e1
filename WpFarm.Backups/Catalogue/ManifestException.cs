namespace WpFarm.Backups.Catalogue;

/// <summary>A manifest that is broken, or newer than this program.</summary>
public sealed class ManifestException(string id, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The backup's.</summary>
    public string Id { get; } = id;
}
