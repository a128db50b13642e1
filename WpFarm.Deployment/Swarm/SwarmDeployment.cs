using System.Security.Cryptography;
using System.Text;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Publishing;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Swarm;

/// <summary>Plans a deployment of farm.json to a swarm, and carries it out. Every step can be repeated.</summary>
/// <param name="root">The repository's folder.</param>
public sealed class SwarmDeployment(string root, FarmInstance instance, SwarmTarget target, IFarmProgress progress)
{
    /// <summary>How long a stack may take to converge: every node pulls images, and new databases take a minute to initialize.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>How long all services must stay converged. The scheduler acts on a change a moment after it has accepted it.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(4);

    private readonly SwarmClient _swarm = new(target.Context);
    private readonly SecretStore _secrets = new(instance.SecretsFolder);

    private string Project => instance.Project;

    /// <summary>Plans a deployment. Changes nothing.</summary>
    /// <exception cref="InvalidInputException">The operator must change something first; lists every problem found.</exception>
    public async Task<DeploymentPlan> PlanAsync(FarmOptions options, DeploymentChoices choices, CancellationToken cancel)
    {
        progress.Begin("Swarm");
        var engine = await _swarm.InfoAsync(cancel);
        if (SwarmPreflight.OfEngine(engine) is { Count: > 0 } unusable)
            throw new InvalidInputException(unusable);

        var farm = Publisher.Design(options, choices.FirstPartyOnly);
        var images = new Publisher(root).Images(farm);
        var nodes = await _swarm.NodesAsync(cancel);
        var secretsThere = await _swarm.SecretsAsync(Project, cancel);
        var services = await _swarm.ServicesAsync(Project, cancel);
        var problems = SwarmPreflight
            .OfNodes(farm, nodes, choices.SetLabels)
            .Concat(
                SwarmPreflight.OfSecrets(farm, Project, LocalVersions(farm), secretsThere, instance.SecretsFolder, choices.ReplaceSecrets)
            )
            .Concat(SwarmPreflight.OfRegistry(farm, target.IsElsewhere))
            .Concat(_secrets.Unset(farm, instance.Name))
            .ToList();
        if (problems.Count > 0)
            throw new InvalidInputException(problems);

        var labels = NodeLabels.Missing(
            farm,
            [.. nodes.Where(node => node.Usable).OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => node.ToNode())]
        );
        return new DeploymentPlan(farm, images, nodes.Count, labels, Changes(farm, images, services)) { Before = services };
    }

    /// <exception cref="InvalidInputException">The registry refuses an image; the swarm was not changed.</exception>
    /// <exception cref="OperationFailedException">
    /// A service did not converge; names it, the reason, and whether it was rolled back.
    /// </exception>
    public async Task DeployAsync(DeploymentPlan plan, bool build, CancellationToken cancel)
    {
        if (build)
            await BuildAndPushAsync(plan, cancel);

        progress.Begin("Configuration");
        foreach (var label in plan.Labels)
        {
            await _swarm.RunAsync(["node", "update", "--label-add", $"{label.Label}=true", label.Node], cancel);
            progress.Report($"node {label.Node}", $"label {label.Label}");
        }

        foreach (var name in _secrets.Generate(plan.Farm.Secrets))
            progress.Report($"secret {name}", "generated");
        var versions = LocalVersions(plan.Farm);
        await CreateSecretsAsync(plan.Farm, versions, cancel);
        Write(plan, running: null);

        foreach (var stack in Stacks.Of(plan.Farm))
        {
            progress.Begin($"Stack {Stacks.NameOf(Project, stack)}");
            // Writes it again just before the deployment: the Orchestrator may have scaled during the previous stack.
            if (plan.Farm.Services.Any(service => service.FollowsLoad && Stacks.Of(service.Layer) == stack))
                Write(plan, await RunningAsync(plan, cancel));
            await _swarm.RunAsync(
                [
                    "stack",
                    "deploy",
                    "--with-registry-auth",
                    "--prune",
                    "--resolve-image",
                    "never",
                    "--compose-file",
                    $"{Stacks.FileName(stack)}.yaml",
                    Stacks.NameOf(Project, stack),
                ],
                cancel,
                instance.StacksFolder,
                versions.ToDictionary(v => SwarmManifest.VersionVariable(v.Key), string? (v) => v.Value)
            );
            await ConvergeAsync(plan, stack, cancel);
        }
    }

    /// <summary>Finds this farm's configs and secrets that no service uses.</summary>
    public async Task<IReadOnlyList<Unused>> FindUnusedAsync(CancellationToken cancel)
    {
        var used = (await _swarm.ServicesAsync(Project, cancel)).SelectMany(service => service.Uses).ToHashSet();
        return
        [
            .. (await _swarm.ConfigsAsync(Project, cancel)).Where(name => !used.Contains(name)).Select(name => new Unused("config", name)),
            .. (await _swarm.SecretsAsync(Project, cancel)).Where(name => !used.Contains(name)).Select(name => new Unused("secret", name)),
        ];
    }

    public async Task RemoveAsync(IReadOnlyList<Unused> unused, CancellationToken cancel)
    {
        foreach (var (kind, name) in unused)
        {
            await _swarm.RunAsync([kind, "rm", name], cancel);
            progress.Report($"{kind} {name}", "removed");
        }
    }

    private void Write(DeploymentPlan plan, IReadOnlyDictionary<string, int>? running) =>
        new PublishedFolder(instance.StacksFolder).Write([.. Publication.ForSwarm(plan.Farm, Project, plan.Images, running)], force: true);

    /// <summary>Present number of containers of each service that follows the load.</summary>
    private async Task<IReadOnlyDictionary<string, int>> RunningAsync(DeploymentPlan plan, CancellationToken cancel)
    {
        var there = await _swarm.ServicesAsync(Project, cancel);
        return plan
            .Farm.Services.Where(service => service.FollowsLoad)
            .Select(service => (service.Name, there.FirstOrDefault(found => found.Name == Stacks.NameOf(Project, service))?.Wanted))
            .Where(service => service.Wanted is not null)
            .ToDictionary(service => service.Name, service => service.Wanted!.Value);
    }

    private List<ServiceChange> Changes(Farm farm, ImageTags images, IReadOnlyList<SwarmService> there)
    {
        var wanted = Stacks.Of(farm).SelectMany(stack => SwarmManifest.Digests(farm, stack, Project, images)).ToList();
        return
        [
            .. wanted.Select(service => new ServiceChange(
                service.Key,
                there.FirstOrDefault(s => s.Name == service.Key) switch
                {
                    null => ChangeKind.Create,
                    { Digest: var digest } when digest != service.Value => ChangeKind.Update,
                    _ => ChangeKind.None,
                }
            )),
            .. there.Select(s => s.Name).Except(wanted.Select(w => w.Key)).Select(name => new ServiceChange(name, ChangeKind.Remove)),
        ];
    }

    private async Task BuildAndPushAsync(DeploymentPlan plan, CancellationToken cancel)
    {
        progress.Begin("Images");
        using var engine = await new Engine(progress).EnsureLocalAsync(cancel);
        var builder = new ImageBuilder(engine, new ImageSources(root), root, progress);
        await builder.BuildAsync(plan.Farm.Services.Select(s => s.Image).OfType<Image.FirstParty>().ToList(), cancel);
        if (plan.Images.Registry is not null)
            await builder.PushAsync(plan.Images, cancel);
    }

    private Dictionary<string, string> LocalVersions(Farm farm) =>
        farm
            .Secrets.Where(secret => File.Exists(_secrets.PathOf(secret.Name)))
            .ToDictionary(secret => secret.Name, secret => VersionOf(File.ReadAllText(_secrets.PathOf(secret.Name))));

    /// <summary>Identifies a value of a secret. 24 bits of a hash of 256 random bits disclose nothing usable.</summary>
    private static string VersionOf(string value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"wpfarm secret version\n{value}")))[..6];

    private async Task CreateSecretsAsync(Farm farm, Dictionary<string, string> versions, CancellationToken cancel)
    {
        var there = await _swarm.SecretsAsync(Project, cancel);
        foreach (var secret in farm.Secrets)
        {
            var name = SwarmManifest.SecretName(Project, secret.Name, versions[secret.Name]);
            if (there.Contains(name))
                continue;
            await _swarm.RunAsync(
                ["secret", "create", "--label", $"{ComposeLabels.Farm}={Project}", name, _secrets.PathOf(secret.Name)],
                cancel
            );
            progress.Report($"secret {name}", "created");
        }
    }

    private async Task ConvergeAsync(DeploymentPlan plan, Stack stack, CancellationToken cancel)
    {
        var members = plan.Farm.Services.Where(s => Stacks.Of(s.Layer) == stack).ToDictionary(s => Stacks.NameOf(Project, s));
        var shown = new Dictionary<string, string>();
        var started = TimeProvider.System.GetTimestamp();
        long? calmSince = null;
        using var timer = new PeriodicTimer(s_interval);
        while (true)
        {
            var states = await ProgressAsync(plan, members, cancel);
            foreach (var (name, state) in states.Where(s => shown.GetValueOrDefault(s.Name) != s.Progress.Detail))
            {
                shown[name] = state.Detail;
                progress.Report(members[name].Name, state.State is ProgressState.Converged ? $"{state.Detail} converged" : state.Detail);
            }

            var failed = states.Where(s => s.Progress.State is ProgressState.Failed).ToList();
            var late = TimeProvider.System.GetElapsedTime(started) > s_limit;
            if (failed.Count > 0 || late)
                throw await FailureAsync(
                    plan,
                    late ? [.. states.Where(s => s.Progress.State is not ProgressState.Converged)] : failed,
                    late,
                    cancel
                );

            if (!states.All(s => s.Progress.State is ProgressState.Converged))
                calmSince = null;
            else if (TimeProvider.System.GetElapsedTime(calmSince ??= TimeProvider.System.GetTimestamp()) > s_calm)
                return;
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    private async Task<List<(string Name, ServiceProgress Progress)>> ProgressAsync(
        DeploymentPlan plan,
        Dictionary<string, Service> members,
        CancellationToken cancel
    )
    {
        var services = (await _swarm.ServicesAsync(Project, cancel)).Where(s => members.ContainsKey(s.Name)).ToList();
        var tasks = (await _swarm.TasksAsync(services, cancel)).ToLookup(task => task.Service);
        return services.ConvertAll(s =>
            (s.Name, Convergence.Of(s, plan.Before.FirstOrDefault(b => b.Name == s.Name), [.. tasks[s.Name]], members[s.Name].IsJob))
        );
    }

    private async Task<OperationFailedException> FailureAsync(
        DeploymentPlan plan,
        IReadOnlyList<(string Name, ServiceProgress Progress)> services,
        bool late,
        CancellationToken cancel
    )
    {
        var text = new StringBuilder(
            late ? $"These services did not converge within {s_limit.TotalMinutes:0} min:" : "The swarm rolled these services back:"
        );
        foreach (var (name, state) in services)
        {
            text.Append($"\n  {name}: {state.Detail}");
            foreach (var line in (await _swarm.LogsAsync(name, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                text.Append($"\n    {line}");
            // An updated service is rolled back. A new one has no previous version, and stays so that its state can be examined.
            if (late && plan.Before.Any(b => b.Name == name && b.Digest is not null))
            {
                await _swarm.RunAsync(["service", "rollback", "--detach", name], cancel);
                text.Append("\n    rolled back");
            }
        }

        return new(text.ToString());
    }
}

/// <summary>The swarm to deploy to.</summary>
/// <param name="Context">Docker context of a manager; null for the one that the environment names.</param>
public sealed record SwarmTarget(string? Context)
{
    /// <summary>True when the target's engine is not the one that builds the images.</summary>
    public bool IsElsewhere => Context is not null || Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 };
}

/// <param name="SetLabels">Set missing node labels.</param>
/// <param name="ReplaceSecrets">Deploy the secrets of this machine although the swarm has other values.</param>
/// <param name="FirstPartyOnly">Leave out services with upstream images.</param>
public sealed record DeploymentChoices(bool SetLabels, bool ReplaceSecrets, bool FirstPartyOnly);

/// <summary>What a deployment will change.</summary>
public sealed record DeploymentPlan(
    Farm Farm,
    ImageTags Images,
    int Nodes,
    IReadOnlyList<MissingLabel> Labels,
    IReadOnlyList<ServiceChange> Services
)
{
    internal IReadOnlyList<SwarmService> Before { get; init; } = [];
}

/// <param name="Name">Full name of the service in the swarm.</param>
public sealed record ServiceChange(string Name, ChangeKind Kind);

public enum ChangeKind
{
    None,
    Create,
    Update,
    Remove,
}

/// <param name="Kind"><c>config</c> or <c>secret</c>.</param>
public sealed record Unused(string Kind, string Name);
