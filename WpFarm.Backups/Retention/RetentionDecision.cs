using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Contracts.Settings;

namespace WpFarm.Backups.Retention;

/// <param name="Why">The reason, for example <c>last of the day 2026-11-24</c>.</param>
public sealed record KeptBackup(BackupManifest Backup, string Why);

/// <summary>Which backups are kept, with the reason, and which are deleted.</summary>
public sealed record RetentionDecision(IReadOnlyList<KeptBackup> Kept, IReadOnlyList<BackupManifest> Deleted)
{
    /// <param name="manifests">All readable manifests of the catalogue.</param>
    public static RetentionDecision For(IReadOnlyCollection<BackupManifest> manifests, RetentionPolicy policy, DateTimeOffset now)
    {
        var chains = BackupChain.All(manifests);
        var good = chains.Select(found => found.Chain).OfType<BackupChain>().ToList();
        var promisedFrom = now - policy.PointInTime;
        var anchors = Anchors(good, manifests, promisedFrom);
        var anchor = anchors.FirstOrDefault();

        var why = new Dictionary<string, string>();
        foreach (var kind in manifests.Where(IsIndependent).GroupBy(backup => (backup.Kind, backup.Site)))
            Periods.Keep(kind.Select(Moment), policy, why);
        Periods.Keep(good.Select(chain => Moment(chain.Last)), policy, why);
        if (good.Count > 0)
            why.TryAdd(good[^1].Last.Id, "the latest of the database");
        foreach (var (index, chain) in anchors.Index())
            why.TryAdd(
                chain.Last.Id,
                index == 0
                    ? $"needed to recover any moment from {MomentText.Of(promisedFrom)} on"
                    : $"binary logs are missing between {anchors[index - 1].Last.Id} and this backup"
            );
        // A broken chain may become usable again: another key may be found, or a newer program may read a manifest.
        foreach (var (backup, _, problem) in chains.Where(found => found.Problem is not null && found.Backup.Completed > promisedFrom))
            why.TryAdd(backup.Id, $"recent, though it cannot be restored: {problem}");
        KeepParents(manifests, why);
        foreach (var log in manifests.Where(backup => backup.Kind.IsLog && !IsBehind(backup, anchor)))
            why.TryAdd(log.Id, anchor is null ? "no full backup contains its transactions" : $"follows {anchor.Last.Id}");

        return new(
            [.. manifests.Where(backup => why.ContainsKey(backup.Id)).Select(backup => new KeptBackup(backup, why[backup.Id]))],
            [.. manifests.Where(backup => !why.ContainsKey(backup.Id))]
        );
    }

    /// <summary>
    /// The chains from which every moment since <paramref name="from"/> can be recovered: one, and another after each gap in the logs.
    /// </summary>
    private static List<BackupChain> Anchors(List<BackupChain> good, IReadOnlyCollection<BackupManifest> manifests, DateTimeOffset from)
    {
        var anchors = new List<BackupChain>();
        for (var next = good.LastOrDefault(chain => chain.Last.Completed <= from) ?? good.FirstOrDefault(); next is not null; )
        {
            anchors.Add(next);
            var (position, completed) = (BinaryLogReplay.Follow(next, manifests, mark: null).Position, next.Last.Completed);
            next = good.Find(chain => chain.Last.Completed > completed && !position.Covers(chain.Position));
        }

        return anchors;
    }

    private static (string Id, DateTimeOffset Completed) Moment(BackupManifest backup) => (backup.Id, backup.Completed);

    private static bool IsIndependent(BackupManifest backup) => backup.Kind.Traits.Role is BackupRole.Independent;

    private static bool IsBehind(BackupManifest log, BackupChain? anchor) =>
        anchor is not null && anchor.Position.Covers(log.GtidEnd!.OfPrimaries);

    private static void KeepParents(IReadOnlyCollection<BackupManifest> manifests, Dictionary<string, string> why)
    {
        var all = manifests.ToDictionary(backup => backup.Id);
        foreach (var kept in why.Keys.ToList())
            for (
                var child = all[kept];
                child.Parent is { } id && all.TryGetValue(id, out var parent) && why.TryAdd(id, $"{kept} continues it");
                child = parent
            ) { }
    }
}
