using WpFarm.Backups.Catalogue;

namespace WpFarm.Backups.Recovery;

/// <summary>Measured rates, for the estimate of how long a recovery takes.</summary>
/// <param name="Fetch">Stored bytes per second: download, decryption and decompression.</param>
/// <param name="Prepare">Uncompressed bytes per second for preparing a fetched backup.</param>
/// <param name="Replay">Uncompressed bytes of binary logs per second.</param>
/// <param name="Start">Fixed time: starting the first server, then the others.</param>
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
