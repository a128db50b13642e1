using WpFarm.Backups.Catalogue;

namespace WpFarm.Backups.Recovery;

/// <summary>What was measured, to say how long a recovery takes.</summary>
/// <param name="Fetch">Stored bytes a second, from the store to a server, opened and unpacked on the way.</param>
/// <param name="Prepare">Plain bytes a second, until a fetched backup is one that a server starts with.</param>
/// <param name="Replay">Plain bytes of binary logs a second.</param>
/// <param name="Start">What it takes beside: to start a server, and the others after it.</param>
public sealed record RecoveryRates(double Fetch, double Prepare, double Replay, TimeSpan Start)
{
    internal TimeSpan Estimate(BackupChain chain, IReadOnlyList<BinaryLogStep> logs) =>
        Start
        + TimeSpan.FromSeconds(
            (Sum(chain.Backups.Concat(logs.Select(step => step.Log)), backup => backup.StoredBytes) / Fetch)
                + (Sum(chain.Backups, backup => backup.PlainBytes) / Prepare)
                + (Sum(logs.Select(step => step.Log), log => log.PlainBytes) / Replay)
        );

    private static double Sum(IEnumerable<BackupManifest> backups, Func<BackupManifest, long> bytes) => backups.Sum(bytes);
}
