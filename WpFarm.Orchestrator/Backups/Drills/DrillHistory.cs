using System.Globalization;
using System.Text.Json;
using WpFarm.Backups.Store;

namespace WpFarm.Orchestrator.Backups.Drills;

/// <summary>The reports of past drills, kept in the store.</summary>
internal sealed class DrillHistory(BackupRepository repository)
{
    private const string Prefix = "drills/";

    /// <summary>Number of reports kept: one a week for a year.</summary>
    private const int Kept = 52;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The reports read or written by this process, the latest first.</summary>
    public IReadOnlyList<DrillReport> Reports { get; private set; } = [];

    public async Task ReadAsync(CancellationToken cancel)
    {
        var reports = new List<DrillReport>();
        foreach (var name in await NamesAsync(cancel))
            reports.Add(
                JsonSerializer.Deserialize<DrillReport>(await repository.Store.ReadAsync(name, cancel), s_json)
                    ?? throw new IOException($"{name} is no report of a drill")
            );
        Reports = [.. reports.OrderByDescending(report => report.Began)];
    }

    public async Task AddAsync(DrillReport report, CancellationToken cancel)
    {
        Reports = [report, .. Reports.Take(Kept - 1)];
        await repository.Store.PutAsync(
            string.Create(CultureInfo.InvariantCulture, $"{Prefix}{report.Began.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.json"),
            JsonSerializer.SerializeToUtf8Bytes(report, s_json),
            cancel
        );
        await repository.Store.DeleteAsync([.. (await NamesAsync(cancel)).SkipLast(Kept)], cancel);
    }

    private async Task<List<string>> NamesAsync(CancellationToken cancel)
    {
        var names = new List<string>();
        await foreach (var found in repository.Store.ListAsync(Prefix, cancel))
            names.Add(found.Name);
        return names;
    }
}
