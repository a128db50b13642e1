using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Secrets;

/// <summary>Carries out a <see cref="RotationPlan"/> on a farm that runs on this machine. One that was killed is finished by the next.</summary>
public sealed class SecretRotation(Farm farm, FarmInstance instance, IFarmProgress progress, TimeProvider time)
{
    private static readonly TimeSpan s_healthyLimit = TimeSpan.FromMinutes(6);

    /// <summary>A server that is being copied applies nothing meanwhile.</summary>
    private static readonly TimeSpan s_replicated = TimeSpan.FromMinutes(5);

    private readonly ComposeContainers _containers = new(instance);
    private readonly SecretStore _secrets = new(instance.SecretsFolder);

    /// <exception cref="InvalidInputException">The farm is not well, so nothing was changed: a server that is away could not be told of a password.</exception>
    /// <exception cref="OperationFailedException">A step failed. Nobody is locked out; run it again.</exception>
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
                    $"Could not {step.What}: {e.Message}{Environment.NewLine}Nobody is locked out. Run it again, and it goes on: ./farm secrets rotate",
                    e
                );
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        var services = await new ComposeHost(engine, instance, progress).StatusAsync(farm, cancel);
        // One that is starting may be one that the run before was killed at.
        var problems = services
            .Where(service => !service.IsSettled && service.State is not ServiceCondition.Starting)
            .Select(service => $"{service.Name}: is {service.State.ToString().ToLowerInvariant()}. Bring the farm up first: ./farm up")
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
            case RotationStep.Begin(var secrets):
                Each(secrets, secret => secret.Begin());
                break;
            case RotationStep.Offer(var secrets):
                if (secrets.Contains(Secret.SitesKey))
                    _secrets.KeepFingerprint();
                Each(secrets, secret => secret.Offer());
                break;
            case RotationStep.Turn(var secrets):
                Each(secrets, secret => secret.Turn());
                break;
            case RotationStep.Settle(var secrets):
                Each(secrets, secret => secret.Settle());
                break;
            case RotationStep.End(var secrets):
                Each(secrets, secret => secret.End());
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
            case RotationStep.LetLoginsEnd(var longest):
                await Task.Delay(longest, time, cancel);
                break;
            default:
                throw new NotSupportedException($"Nobody knows how to {step.What}.");
        }
    }

    private void Each(IReadOnlyList<string> secrets, Action<RotatingSecret> change)
    {
        foreach (var secret in secrets)
            change(_secrets.Rotating(secret));
    }

    /// <summary>Sites log in at every server.</summary>
    private async Task UntilReplicatedAsync(CancellationToken cancel)
    {
        var status = await DatabaseAsync(cancel);
        var writer = status.Writer ?? throw new OperationFailedException("nobody takes writes");
        // What it wrote itself: of the other primary's domain it need not know how far that has come.
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

    /// <summary>Its token may be another each time.</summary>
    private async Task<DatabaseStatus> DatabaseAsync(CancellationToken cancel)
    {
        using var orchestrator = new OrchestratorApi(farm, instance);
        return await orchestrator.SendAsync(DatabaseRoutes.Status, cancel);
    }
}
