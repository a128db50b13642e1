using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Secrets;

/// <summary>
/// Carries out a <see cref="RotationPlan"/> on a farm that runs on this machine. The next run finishes a rotation that was killed.
/// </summary>
public sealed class SecretRotation(Farm farm, FarmInstance instance, IFarmProgress progress, TimeProvider time)
{
    private static readonly TimeSpan s_healthyLimit = TimeSpan.FromMinutes(6);

    /// <summary>How long a server may take to apply the sites' passwords. A server applies nothing while it is copied to another.</summary>
    private static readonly TimeSpan s_replicated = TimeSpan.FromMinutes(5);

    private readonly ComposeContainers _containers = new(instance);
    private readonly SecretStore _secrets = new(instance.SecretsFolder);

    /// <exception cref="InvalidInputException">
    /// The farm is not healthy, so nothing was changed: a server that does not run cannot take a new password.
    /// </exception>
    /// <exception cref="OperationFailedException">A step failed. All logins still work, and a repeated run continues.</exception>
    public async Task RunAsync(RotationPlan plan, CancellationToken cancel)
    {
        await CheckAsync(cancel);
        foreach (var step in plan.Steps)
        {
            progress.Begin(char.ToUpperInvariant(step.What[0]) + step.What[1..]);
            try
            {
                await DoAsync(step, cancel);
            }
            catch (OperationFailedException e)
            {
                throw new OperationFailedException(
                    $"Could not {step.What}: {e.Message}{Environment.NewLine}"
                        + "All logins still work. To continue the rotation, run it again: ./farm secrets rotate",
                    e
                );
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        var services = await new ComposeHost(engine, instance, progress).StatusAsync(farm, cancel);
        // A service may be starting because the previous run was killed while it restarted it.
        var problems = services
            .Where(service => !service.IsSettled && service.State is not ServiceCondition.Starting)
            .Select(service => $"{service.Name}: is {service.State.ToString().ToLowerInvariant()}. Make the farm healthy first: ./farm up")
            .ToList();
        if (problems.Count == 0)
            problems.AddRange((await DatabaseAsync(cancel)).Problems.Select(problem => $"database: {problem}"));
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
    }

    private async Task DoAsync(RotationStep step, CancellationToken cancel)
    {
        switch (step)
        {
            case RotationStep.GenerateNext(var secrets):
                Each(secrets, secret => secret.GenerateNext());
                break;
            case RotationStep.AddNext(var secrets):
                if (secrets.Contains(Secret.SitesKey))
                    _secrets.KeepFingerprint();
                Each(secrets, secret => secret.AddNext());
                break;
            case RotationStep.UseNext(var secrets):
                Each(secrets, secret => secret.UseNext());
                break;
            case RotationStep.DropPrevious(var secrets):
                Each(secrets, secret => secret.DropPrevious());
                break;
            case RotationStep.RecordDone(var secrets):
                Each(secrets, secret => secret.Finish());
                break;
            case RotationStep.AcceptOnServers(var servers):
                foreach (var server in servers)
                    await _containers.ExecuteAsync(server, ["accept-passwords"], cancel);
                break;
            case RotationStep.AcceptForSites(var job):
                await _containers.RunAgainAsync(job, line => progress.Report(job, line), cancel);
                await UntilReplicatedAsync(cancel);
                break;
            case RotationStep.RenewChannels:
                using (var orchestrator = new OrchestratorApi(farm, instance))
                    await orchestrator.SendAsync(DatabaseRoutes.RenewReplicationPassword, cancel);
                break;
            case RotationStep.Restart(var service):
                using (var engine = Engine.Connect())
                    await new ComposeHost(engine, instance, progress).RestartAsync(farm, service, s_healthyLimit, cancel);
                break;
            case RotationStep.WaitForLogins(var longest):
                await Task.Delay(longest, time, cancel);
                break;
            default:
                throw new NotSupportedException($"There is no implementation of the step '{step.What}'.");
        }
    }

    private void Each(IReadOnlyList<string> secrets, Action<RotatingSecret> change)
    {
        foreach (var secret in secrets)
            change(_secrets.Rotating(secret));
    }

    /// <summary>Waits until every server has the sites' new passwords: sites log in to every server.</summary>
    private async Task UntilReplicatedAsync(CancellationToken cancel)
    {
        var status = await DatabaseAsync(cancel);
        var writer = status.Writer ?? throw new OperationFailedException("no database server accepts writes");
        // Only the writer's own domain: the writer need not have all transactions of the other primary's domain.
        var position = (
            await AskAsync(writer, "SELECT REGEXP_SUBSTR(@@gtid_binlog_pos, CONCAT('\\\\b', @@gtid_domain_id, '-[0-9]+-[0-9]+'))", cancel)
        ).Trim();
        foreach (var server in status.Servers.Select(server => server.Name).Where(server => server != writer))
            if ((await AskAsync(server, $"SELECT MASTER_GTID_WAIT('{position}', {s_replicated.TotalSeconds:0})", cancel)).Trim() != "0")
                throw new OperationFailedException($"{server} has not applied {position} within {s_replicated.TotalSeconds:0} s");
    }

    private async Task<string> AskAsync(string server, string sql, CancellationToken cancel) =>
        await _containers.SqlAsync(server, sql, s_replicated * 2, cancel)
        ?? throw new OperationFailedException($"{server} does not answer");

    /// <summary>Creates a client per call, because the rotation changes the API token.</summary>
    private async Task<DatabaseStatus> DatabaseAsync(CancellationToken cancel)
    {
        using var orchestrator = new OrchestratorApi(farm, instance);
        return await orchestrator.SendAsync(DatabaseRoutes.Status, cancel);
    }
}
