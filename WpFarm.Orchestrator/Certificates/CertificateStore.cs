using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>
/// The farm's certificates in its database, where replication and backups have them, sealed. This process alone writes them, and keeps a
/// copy in memory, from which the edges are answered while no database answers.
/// </summary>
internal sealed partial class CertificateStore(
    ICertificateTable table,
    IOptions<CertificateSettings> options,
    TimeProvider time,
    ILogger<CertificateStore> logger
) : IDisposable
{
    /// <summary>A restoration changes the table, too.</summary>
    private static readonly TimeSpan s_readEvery = TimeSpan.FromMinutes(1);

    private readonly CertificateSeal _seal = new(SecretFile.Read(options.Value.KeyFile));
    private readonly SemaphoreSlim _one = new(1);
    private volatile CertificateItems? _items;
    private DateTimeOffset _readAt;

    /// <summary>Null until the database was read once.</summary>
    public CertificateItems? Items => _items;

    public void Dispose() => _one.Dispose();

    /// <summary>Reads the table, unless it was read within the last minute.</summary>
    public Task RefreshAsync(CancellationToken cancel) =>
        ExclusivelyAsync(
            async () =>
            {
                if (_items is not null && time.GetUtcNow() - _readAt < s_readEvery)
                    return;
                var rows = await table.ReadAsync(cancel);
                var opened = rows.Select(row => (row.Name, Text: _seal.Open(row.Name, row.Sealed))).ToList();
                // As in a copy of another farm: it has that farm's database, and an edge key of its own.
                foreach (var (name, _) in opened.Where(row => row.Text is null))
                    LogDoesNotOpen(name);
                _items = new(
                    opened
                        .Where(row => row.Text is not null)
                        .ToImmutableSortedDictionary(row => row.Name, row => row.Text!, StringComparer.Ordinal)
                );
                _readAt = time.GetUtcNow();
            },
            cancel
        );

    /// <param name="name">See <see cref="CertificateItems"/>.</param>
    public Task WriteAsync(string name, string text, CancellationToken cancel) =>
        ExclusivelyAsync(
            async () =>
            {
                await table.WriteAsync(new(name, _seal.Seal(name, text)), cancel);
                _items = (_items ?? CertificateItems.None).With(name, text);
            },
            cancel
        );

    /// <inheritdoc cref="WriteAsync"/>
    public Task DeleteAsync(string name, CancellationToken cancel) =>
        ExclusivelyAsync(
            async () =>
            {
                await table.DeleteAsync(name, cancel);
                _items = (_items ?? CertificateItems.None).Without(name);
            },
            cancel
        );

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await work();
        }
        finally
        {
            _one.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Name} in wpfarm.certificates was sealed with another edge key, and is not used")]
    private partial void LogDoesNotOpen(string name);
}
