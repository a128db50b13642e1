using WpFarm.Orchestrator.Database;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>Reads and writes on the writer, so that replication and backups have the rows as they have the sites'.</summary>
internal sealed class CertificateTable(IReadOnlyList<MariaDbServer> servers, DatabaseState state) : ICertificateTable
{
    public async Task<IReadOnlyList<CertificateRow>> ReadAsync(CancellationToken cancel) =>
        await Writer().QueryAsync<CertificateRow>("SELECT name AS Name, sealed AS Sealed FROM wpfarm.certificates", cancel);

    public Task WriteAsync(CertificateRow row, CancellationToken cancel) =>
        Writer().ExecuteAsync("REPLACE INTO wpfarm.certificates (name, sealed) VALUES (@Name, @Sealed)", row, cancel);

    public Task DeleteAsync(string name, CancellationToken cancel) =>
        Writer().ExecuteAsync("DELETE FROM wpfarm.certificates WHERE name = @name", new { name }, cancel);

    private MariaDbServer Writer() =>
        state.Current.Writer is { } writer
            ? servers.Single(server => server.Identity == writer)
            : throw new TimeoutException("no database server takes writes at the moment");
}
