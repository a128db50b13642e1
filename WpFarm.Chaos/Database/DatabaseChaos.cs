using System.Globalization;
using MySqlConnector;
using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Chaos.Database;

/// <summary>
/// Runs <see cref="DatabaseScenario"/>s against a real farm on this machine while rows are written, and counts: acknowledged rows that were
/// lost, rows that exist twice, the longest time without an answer, and how many servers could have answered a write at the same time.
/// </summary>
public sealed class DatabaseChaos(Farm farm, FarmInstance instance, IFarmProgress progress)
{
    private const int Sessions = 4;

    /// <summary>How long to wait for the database to recover: longer than any acceptable outage.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>How long a fault lasts that does not end by itself, before <see cref="DatabaseScenario.Mend"/> ends it.</summary>
    private static readonly TimeSpan s_lasts = TimeSpan.FromSeconds(12);

    private readonly ComposeContainers _containers = new(instance);
    private readonly SecretStore _secrets = new(instance.SecretsFolder);

    public static IReadOnlyList<(string Name, string Description)> Scenarios { get; } =
    [.. DatabaseScenario.All.Select(scenario => (scenario.Name, scenario.Description))];

    /// <exception cref="OperationFailedException">The database was not healthy before, or did not recover afterwards.</exception>
    public async Task<ChaosResult> RunAsync(string name, CancellationToken cancel)
    {
        var scenario = DatabaseScenario.All.First(candidate => candidate.Name == name);
        using var orchestrator = new OrchestratorApi(farm, instance);
        progress.Report(name, "waiting until the database is healthy");
        var before = await UntilHealthyAsync(orchestrator, cancel);
        await orchestrator.SendAsync(DatabaseRoutes.Acknowledge, cancel);
        await PrepareAsync(cancel);

        await using var writes = new SequencedWriter(await ConnectionToAsync(DbProxy.Name, DatabaseStage.Schema, cancel), Sessions);
        var primaries = before.Servers.Where(server => server.Role is ServerRole.Primary).Select(server => server.Name).ToList();
        var stage = new DatabaseStage(
            before.Writer!,
            primaries.First(primary => primary != before.Writer),
            [.. before.Servers.Select(server => server.Name).Except(primaries)],
            _containers,
            orchestrator,
            writes,
            cancel
        );
        await stage.UntilAnsweredAsync(50);

        using var sampling = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var samples = new WriterWatch(_containers, _secrets, [.. before.Servers.Select(server => server.Name)]).MostWritersAsync(
            sampling.Token
        );
        progress.Report(name, scenario.Description);
        try
        {
            await scenario.Strike(stage);
            if (scenario.Mend is not null)
                await Task.Delay(s_lasts, cancel);
        }
        finally
        {
            if (scenario.Mend is not null)
                await scenario.Mend(stage with { Cancel = CancellationToken.None });
        }

        await UntilAnsweredAgainAsync(stage, cancel);
        progress.Report(name, "waiting until the database is healthy again");
        await UntilHealthyAsync(orchestrator, cancel);
        await writes.StopAsync();
        var after = await UntilHealthyAsync(orchestrator, cancel, status =>
            status.Servers.Select(server => server.Gtid).Distinct().Count() == 1
        );
        await sampling.CancelAsync();
        var result = await CountAsync(scenario, stage, after, await samples, cancel);
        progress.Report(
            name,
            result.Failures.Count == 0
                ? $"no write lost, {result.Outage.TotalSeconds:0.0} s without an answer"
                : string.Join("; ", result.Failures)
        );
        return result;
    }

    private static async Task UntilAnsweredAgainAsync(DatabaseStage stage, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_limit);
        try
        {
            await (stage with { Cancel = limit.Token }).UntilAnsweredAsync(50);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new OperationFailedException(
                $"No write is answered {s_limit.TotalSeconds:0} s after the fault ended. The last error: {stage.Writes.LastError}"
            );
        }
    }

    /// <param name="further">A further condition that must hold.</param>
    private async Task<DatabaseStatus> UntilHealthyAsync(
        OrchestratorApi orchestrator,
        CancellationToken cancel,
        Func<DatabaseStatus, bool>? further = null
    )
    {
        var (healthy, last) = (null as DatabaseStatus, "");
        async Task<bool> IsHealthyAsync()
        {
            try
            {
                var status = await orchestrator.SendAsync(DatabaseRoutes.Status, cancel);
                if (status is { Writer: not null, Problems.Count: 0 } && further?.Invoke(status) != false)
                    healthy = status;
                last =
                    status.Problems.Count > 0
                        ? string.Join("; ", status.Problems)
                        : $"the servers are at {string.Join(", ", status.Servers.Select(server => $"{server.Name} {server.Gtid}"))}";
            }
            catch (OperationFailedException e)
            {
                last = e.Message; // The Orchestrator is starting.
            }

            return healthy is not null;
        }

        if (await Poll.HoldsAsync(IsHealthyAsync, s_limit, cancel))
            return healthy!;
        throw new OperationFailedException(
            $"The database of farm {instance.Name} is not healthy: {last}. Run ./farm db status for details."
        );
    }

    private async Task PrepareAsync(CancellationToken cancel)
    {
        await using var connection = new MySqlConnection(await ConnectionToAsync(DbProxy.Name, "", cancel));
        await connection.OpenAsync(cancel);
        await using var command = new MySqlCommand(
            $"CREATE OR REPLACE DATABASE {DatabaseStage.Schema}; CREATE TABLE {DatabaseStage.Table} "
                + "(id BIGINT AUTO_INCREMENT PRIMARY KEY, number BIGINT NOT NULL, KEY (number))",
            connection
        );
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<string> ConnectionToAsync(string service, string schema, CancellationToken cancel) =>
        new MySqlConnectionStringBuilder
        {
            Server = await _containers.AddressAsync(service, DatabaseStage.Network, cancel),
            UserID = "sites_admin",
            Password = _secrets.Read(Secret.SitesAdmin),
            SslMode = MySqlSslMode.VerifyCA,
            Database = schema,
            ConnectionTimeout = 2,
            DefaultCommandTimeout = 20,
            CancellationTimeout = -1,
            Pooling = false,
        }.ConnectionString;

    private async Task<ChaosResult> CountAsync(
        DatabaseScenario scenario,
        DatabaseStage stage,
        DatabaseStatus after,
        int writers,
        CancellationToken cancel
    )
    {
        var acknowledged = stage.Writes.Acknowledged;
        var (lost, twice) = (0, 0);
        var sums = new HashSet<string>();
        foreach (var server in after.Servers)
        {
            var rows = await _containers.SqlAsync(
                server.Name,
                $"SELECT number FROM {DatabaseStage.Table}",
                TimeSpan.FromSeconds(20),
                cancel
            ) ?? "";
            var numbers = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
                .ToList();
            var there = numbers.ToHashSet();
            lost = Math.Max(lost, acknowledged.Count(number => !there.Contains(number)));
            twice = Math.Max(twice, numbers.Count - there.Count);
            sums.Add(
                await _containers.SqlAsync(server.Name, $"CHECKSUM TABLE {DatabaseStage.Table}", TimeSpan.FromSeconds(20), cancel)
                    ?? $"{server.Name} has none"
            );
        }

        return new ChaosResult(scenario.Name, scenario.Description, stage.Writes.LongestPause, acknowledged.Count, lost, twice, writers)
        {
            Phases =
                after.Promotions is [{ Ended: not null } latest, ..] && latest.To != stage.Writer
                    ? [.. latest.Phases.Select(phase => (phase.Name, phase.Took))]
                    : [],
            Failures =
            [
                .. FailureIf(lost > 0, $"{lost} acknowledged writes are lost"),
                .. FailureIf(twice > 0, $"{twice} writes exist twice"),
                .. FailureIf(sums.Count > 1, $"the servers differ: {string.Join(", ", sums.Select(sum => sum.Trim().Replace('\t', ' ')))}"),
                .. FailureIf(writers > 1, $"{writers} servers could have answered writes at the same time"),
                .. FailureIf(
                    stage.Partitioned.Answered.Count > 0,
                    $"the writer answered {stage.Partitioned.Answered.Count} writes while it was cut off"
                ),
                .. FailureIf(
                    scenario.LeavesRowsAlone
                        && !after.Seeds.Any(seed => seed.To == stage.Writer && seed.Since >= stage.Began && seed.Saved is not null),
                    $"the transactions that only {stage.Writer} had were not saved"
                ),
                .. FailureIf(
                    scenario.WriterStays && after.Writer != stage.Writer,
                    $"{after.Writer} became the writer although the writer was available"
                ),
            ],
        };
    }

    private static IEnumerable<string> FailureIf(bool failed, string failure) => failed ? [failure] : [];
}

/// <summary>The outcome of one run of a <see cref="DatabaseScenario"/>.</summary>
/// <param name="Outage">The longest time in which no write was answered.</param>
/// <param name="Answered">Number of acknowledged writes.</param>
/// <param name="Lost">Number of acknowledged writes that a server lacks at the end; of the servers, the highest.</param>
/// <param name="Twice">Number of writes that a server holds twice at the end; of the servers, the highest.</param>
/// <param name="Writers">The most servers that could have answered a write at any sampled moment.</param>
public sealed record ChaosResult(string Scenario, string Description, TimeSpan Outage, int Answered, int Lost, int Twice, int Writers)
{
    public IReadOnlyList<(string Name, TimeSpan Took)> Phases { get; init; } = [];

    /// <summary>Violated expectations. Empty when the scenario passed.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
}
