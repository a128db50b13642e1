using System.Collections.Immutable;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;

namespace WpFarm.Orchestrator.Backups;

/// <summary>
/// What is in the store, as far as it is known here: read at the start, and kept up with what is written and deleted since. Nothing is in
/// it alone.
/// </summary>
internal sealed class BackupIndex
{
    /// <summary>Binary logs are archived beside other work.</summary>
    private readonly Lock _lock = new();
    private ImmutableSortedDictionary<string, BackupManifest> _backups = ImmutableSortedDictionary.Create<string, BackupManifest>(
        StringComparer.Ordinal
    );

    /// <summary>False until the store was read: then nothing can be said.</summary>
    public bool IsRead { get; private set; }

    /// <summary>In the order in which they were started.</summary>
    public IReadOnlyList<BackupManifest> Backups { get; private set; } = [];

    /// <summary>Manifests that cannot be read, in words.</summary>
    public IReadOnlyList<string> Broken { get; private set; } = [];

    public ArchiveMark? Mark { get; private set; }

    /// <summary>What could be restored now; null when nothing can.</summary>
    public RecoveryPlan? Latest { get; private set; }

    public async Task ReadAsync(BackupRepository place, CancellationToken cancel)
    {
        var listing = await place.Catalogue.ListAsync(cancel);
        var mark = await place.Catalogue.FindMarkAsync(cancel);
        Change(_ => listing.Backups.ToImmutableSortedDictionary(backup => backup.Id, backup => backup, StringComparer.Ordinal), mark);
        Broken = [.. listing.Broken.Select(broken => broken.Message)];
        IsRead = true;
    }

    public void Add(BackupManifest backup) => Change(backups => backups.SetItem(backup.Id, backup), Mark);

    public void Remove(IEnumerable<BackupManifest> backups) => Change(all => all.RemoveRange(backups.Select(backup => backup.Id)), Mark);

    public void Reached(ArchiveMark mark) => Change(backups => backups, mark);

    /// <summary>Where the archive of binary logs goes on: what is stored without a hole.</summary>
    /// <param name="historySince">Of the farm now: what came before a restoration does not count.</param>
    /// <returns>Null: there is nothing yet that it could go on from.</returns>
    public GtidPosition? ReachedBy(DateTimeOffset? historySince) =>
        Latest is { } latest && latest.Chain.Last.HistorySince == historySince ? latest.Position : null;

    /// <param name="keyIds">The keys at hand.</param>
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
            // Whatever they are sealed with: whether the keys are at hand is another question.
            Latest = Plan(new RecoveryTarget.Latest(), [.. Backups.Select(backup => backup.KeyId).Distinct()]).Plan;
        }
    }
}
