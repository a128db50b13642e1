using System.Collections.Immutable;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// The contents of the store, as known here: read at the start, and updated with each write and deletion since. It holds nothing that is
/// not in the store.
/// </summary>
internal sealed class BackupIndex
{
    /// <summary>Needed because binary logs are archived while another task runs.</summary>
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, BackupManifest> _backups = ImmutableSortedDictionary.Create<string, BackupManifest>(
        StringComparer.Ordinal
    );

    /// <summary>True once the store was read. Before that, nothing is known.</summary>
    public bool IsRead { get; private set; }

    /// <summary>The backups, in the order in which they were started.</summary>
    public IReadOnlyList<BackupManifest> Backups { get; private set; } = [];

    /// <summary>Manifests that cannot be read, with the reason in words.</summary>
    public IReadOnlyList<string> Broken { get; private set; } = [];

    public ArchiveMark? Mark { get; private set; }

    /// <summary>The plan for a restore to the latest moment. Null when nothing can be restored.</summary>
    public RecoveryPlan? Latest { get; private set; }

    public async Task ReadAsync(BackupRepository repository, CancellationToken cancel)
    {
        var listing = await repository.Catalogue.ListAsync(cancel);
        var mark = await repository.Catalogue.FindMarkAsync(cancel);
        Change(_ => listing.Backups.ToImmutableSortedDictionary(backup => backup.Id, backup => backup, StringComparer.Ordinal), mark);
        Broken = [.. listing.Broken.Select(broken => broken.Message)];
        IsRead = true;
    }

    public void Add(BackupManifest backup) => Change(backups => backups.SetItem(backup.Id, backup), Mark);

    public void Remove(IEnumerable<BackupManifest> backups) => Change(all => all.RemoveRange(backups.Select(backup => backup.Id)), Mark);

    public void Reached(ArchiveMark mark) => Change(backups => backups, mark);

    /// <summary>The position from which the archive of binary logs continues: up to there the store has every transaction.</summary>
    /// <param name="historySince">Start of the farm's present history. Backups from before a restore do not count.</param>
    /// <returns>Null when there is no backup to continue from.</returns>
    public GtidPosition? ReachedBy(DateTimeOffset? historySince) =>
        Latest is { } latest && latest.Chain.Last.HistorySince == historySince ? latest.Position : null;

    /// <param name="keyIds">Ids of the available keys.</param>
    public RecoveryDecision Plan(RecoveryTarget target, IReadOnlyCollection<string> keyIds) =>
        RecoveryDecision.For(Backups, target, keyIds, Mark);

    private void Change(
        Func<ImmutableSortedDictionary<string, BackupManifest>, ImmutableSortedDictionary<string, BackupManifest>> change,
        ArchiveMark? mark
    )
    {
        lock (_lock)
        {
            _backups = change(_backups);
            (Backups, Mark) = ([.. _backups.Values], mark);
            // Planned with the keys of all backups. Whether those keys are available is checked elsewhere.
            Latest = Plan(new RecoveryTarget.Latest(), [.. Backups.Select(backup => backup.KeyId).Distinct()]).Plan;
        }
    }
}
