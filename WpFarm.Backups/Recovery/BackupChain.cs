using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>A full backup and the incrementals on top of it, in the order in which they are applied.</summary>
public sealed record BackupChain(IReadOnlyList<BackupManifest> Backups)
{
    public BackupManifest Full => Backups[0];

    public BackupManifest Last => Backups[^1];

    /// <summary>Position of a server after the chain is restored.</summary>
    public GtidPosition Position => Last.GtidEnd!.OfPrimaries;

    /// <summary>
    /// For each full and incremental backup, the chain that ends with it, or the problem that breaks the chain. Ordered by completion.
    /// </summary>
    public static IReadOnlyList<(BackupManifest Backup, BackupChain? Chain, string? Problem)> All(IEnumerable<BackupManifest> manifests)
    {
        var physical = manifests.Where(backup => backup.Kind.IsInChain).ToDictionary(backup => backup.Id);
        return
        [
            .. physical
                .Values.OrderBy(backup => backup.Completed)
                .ThenBy(backup => backup.Id, StringComparer.Ordinal)
                .Select(backup => EndingWith(backup, physical)),
        ];
    }

    private static (BackupManifest Backup, BackupChain? Chain, string? Problem) EndingWith(
        BackupManifest last,
        Dictionary<string, BackupManifest> all
    )
    {
        var chain = new List<BackupManifest> { last };
        while (chain[^1] is var child && child.Kind.IsIncrement)
        {
            if (!all.TryGetValue(child.Parent!, out var parent))
                return (last, null, $"{child.Id} continues {child.Parent}, which is missing");
            if (parent.Instance != child.Instance)
                return (
                    last,
                    null,
                    $"{child.Id} continues {parent.Id}, but belongs to another instance of the server "
                        + $"({child.Instance}, not {parent.Instance})"
                );
            if (parent.LsnTo != child.LsnFrom)
                return (
                    last,
                    null,
                    $"{child.Id} begins at LSN {child.LsnFrom}, but {parent.Id}, which it continues, ends at {parent.LsnTo}"
                );
            if (chain.Contains(parent))
                return (last, null, $"{child.Id} continues itself");
            chain.Add(parent);
        }

        chain.Reverse();
        return (last, new BackupChain(chain), null);
    }
}
