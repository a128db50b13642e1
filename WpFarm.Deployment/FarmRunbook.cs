using Docker.DotNet;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Compose.Changing;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.NetworkDatabases;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment;

/// <summary>
/// Brings a farm up and down on this machine, step by step. Every step can be repeated, and the next run finishes one that was killed.
/// </summary>
public sealed class FarmRunbook(string root, FarmInstance instance, IFarmProgress progress)
{
    /// <summary>How long a farm may take to become healthy.</summary>
    public static TimeSpan HealthyLimit { get; } = TimeSpan.FromMinutes(6);

    public SecretStore Secrets { get; } = new(instance.SecretsFolder);

    /// <param name="farmFile">Path of farm.json.</param>
    /// <param name="freePorts">Take free ports where those of farm.json are in use.</param>
    /// <exception cref="InvalidInputException">The operator must change something first; nothing was started.</exception>
    /// <exception cref="OperationFailedException">The farm did not become healthy.</exception>
    public async Task<Farm> UpAsync(string farmFile, bool freePorts, CancellationToken cancel)
    {
        var options = ReadFarmFile(farmFile);
        using var only = LockFarm();
        var (farm, tags) = await WriteManifestAsync(options, freePorts, cancel);

        progress.Begin("Services");
        using var engine = Engine.Connect();
        await using (await ScalingHold.TakeAsync(farm, instance, progress, cancel))
            await new ComposeHost(engine, instance, progress).UpAsync(
                farm,
                ComposeManifest.Versions(farm, instance.Project, tags),
                HealthyLimit,
                cancel
            );
        RenderedFiles.Prune(farm, instance.Folder);
        await new ConfigurationUpload(instance, progress).KeepAsync(farm, farmFile, cancel);
        return farm;
    }

    /// <summary>What the jobs of the last <see cref="UpAsync"/> want a person to know.</summary>
    public async Task<IReadOnlyList<string>> NotesAsync(Farm farm, CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        var notes = new List<string>();
        foreach (var container in await new ComposeHost(engine, instance, progress).ContainersAsync(cancel))
            if (farm.Find(ContainerStates.ServiceOf(container)) is { IsJob: true })
                notes.AddRange(await JobNotes.ReadAsync(engine, container, cancel));
        return notes;
    }

    /// <summary>Starts one service of a farm, before the rest of the farm is started.</summary>
    /// <exception cref="InvalidInputException">The operator must change something first; nothing was started.</exception>
    /// <exception cref="OperationFailedException">The service did not become healthy.</exception>
    public async Task<Farm> StartAsync(string service, string farmFile, bool freePorts, CancellationToken cancel)
    {
        var options = ReadFarmFile(farmFile);
        using var only = LockFarm();
        var (farm, _) = await WriteManifestAsync(options, freePorts, cancel);
        using var engine = Engine.Connect();
        await new ComposeHost(engine, instance, progress).StartAsync(farm, service, HealthyLimit, cancel);
        return farm;
    }

    /// <summary>Plans what <see cref="UpAsync"/> would do to the farm as it runs now. Changes nothing.</summary>
    /// <returns>Null when no container of the farm runs.</returns>
    public async Task<IReadOnlyList<PlannedChange>?> PlanAsync(string farmFile, CancellationToken cancel)
    {
        var options = FarmPorts.Remembered(ReadFarmFile(farmFile), instance.PortsFile);
        using var engine = Engine.Connect();
        if (await Engine.VersionOfAsync(engine, cancel) is null)
            return null;
        await RefuseOnSwarmAsync(cancel);
        var host = new ComposeHost(engine, instance, progress);
        if (!(await host.ContainersAsync(cancel)).Any(ContainerStates.IsUp))
            return null;
        var farm = Farm.Build(options, await MissingImagesAsync(engine, options, cancel));
        return await host.PlanAsync(farm, ComposeManifest.Versions(farm, instance.Project, new ImageSources(root).TagsOf(farm)), cancel);
    }

    private async Task<PreparedFarm> WriteManifestAsync(FarmOptions options, bool freePorts, CancellationToken cancel)
    {
        var (farm, tags) = await PrepareAsync(options, freePorts, cancel);
        LiveFiles.Write(farm, instance.Folder);
        AtomicFile.Write(instance.ComposeFile, ComposeManifest.Write(farm, instance.Project, tags, Secrets.Fingerprint()!));
        progress.Report("manifest", instance.ComposeFile);
        return new(farm, tags);
    }

    /// <summary>Prepares what every host needs before it starts a container: the engine, the images, the secrets, the files.</summary>
    /// <exception cref="InvalidInputException">The operator must change something first; nothing was started.</exception>
    public async Task<PreparedFarm> PrepareAsync(FarmOptions options, bool freePorts, CancellationToken cancel)
    {
        progress.Begin("Machine");
        using var engine = await new Engine(progress).EnsureAsync(cancel);
        await RefuseOnSwarmAsync(cancel);
        var host = new ComposeHost(engine, instance, progress);
        options = await ChoosePortsAsync(options, freePorts, host, cancel);

        progress.Begin("Images");
        var images = new ImageBuilder(engine, new ImageSources(root), root, progress);
        var missing = await images.PullAsync(UpstreamOf(Farm.Build(options)), cancel);
        var farm = Farm.Build(options, missing);
        var problems = await Preflight.CheckAsync(engine, host, farm, Secrets.Fingerprint(), instance, cancel);
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
        var tags = await images.BuildAsync(farm.Services.Select(s => s.Image).OfType<Image.FirstParty>().ToList(), cancel);

        progress.Begin("Configuration");
        foreach (var name in Secrets.Generate(farm.Secrets))
            progress.Report($"secret {name}", "generated");
        RenderedFiles.Write(farm, instance.Folder);
        return new PreparedFarm(farm, tags);
    }

    /// <summary>
    /// Refuses to run a farm on this engine that already runs on its swarm: two farms with the same secrets are never intended.
    /// </summary>
    /// <exception cref="InvalidInputException">The farm runs on the swarm whose manager this engine is.</exception>
    public async Task RefuseOnSwarmAsync(CancellationToken cancel)
    {
        if (await OrchestratorTunnel.FindAsync(instance.Project, context: null, cancel) is not null)
            throw new InvalidInputException(
                $"farm {instance.Name}: runs on the swarm of this engine. To change it, edit farm.json and run "
                    + $"./farm deploy --name {instance.Name}. To run another farm on this engine alone, choose another --name."
            );
    }

    public async Task DownAsync(bool volumes, CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        if (await Engine.VersionOfAsync(engine, cancel) is null)
        {
            if (!volumes || !Engine.IsInstalled)
                throw new InvalidInputException("docker engine: does not answer, so no container of the farm runs.");
            // The farm's volumes exist even while the engine does not run.
            using var started = await new Engine(progress).EnsureAsync(cancel);
        }

        await new ComposeHost(engine, instance, progress).DownAsync(volumes, cancel);
    }

    /// <summary>The farm that this engine can run, without the upstream images that it lacks, and the state of its services.</summary>
    public async Task<(Farm Farm, IReadOnlyList<ServiceReport> Services)> StatusAsync(string farmFile, CancellationToken cancel)
    {
        var options = FarmPorts.Remembered(ReadFarmFile(farmFile), instance.PortsFile);
        using var engine = Engine.Connect();
        if (await Engine.VersionOfAsync(engine, cancel) is null)
            throw new InvalidInputException("docker engine: does not answer. Start the engine and the farm: ./farm up");
        var farm = Farm.Build(options, await MissingImagesAsync(engine, options, cancel));
        return (farm, await new ComposeHost(engine, instance, progress).StatusAsync(farm, cancel));
    }

    /// <summary>Examines what this machine has and lacks for the farm. Changes nothing.</summary>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(string farmFile, CancellationToken cancel)
    {
        var options = FarmPorts.Remembered(ReadFarmFile(farmFile), instance.PortsFile);
        using var engine = Engine.Connect();
        var answers = await Engine.VersionOfAsync(engine, cancel) is not null;
        var held = answers ? await Preflight.HeldByAsync(new ComposeHost(engine, instance, progress), cancel) : new HashSet<int>();
        return await Doctor.ExamineAsync(Farm.Build(options), held, cancel);
    }

    /// <summary>Sets keys of a farm.json, if the file is valid with them.</summary>
    /// <param name="values">Keys, for example <c>database.readReplicas</c>, and their values as JSON.</param>
    /// <exception cref="InvalidInputException">The file would be invalid; it was not written.</exception>
    public static void Change(string path, params IReadOnlyList<(string Key, string Json)> values)
    {
        var text = values.Aggregate(File.ReadAllText(path), (text, value) => FarmFileEdit.Set(text, value.Key, value.Json));
        var result = FarmFileReader.Read(text, new Dictionary<string, string>());
        if (result.Options is null)
            throw new InvalidInputException([
                .. result.Problems.Select(problem =>
                    $"{path}: {problem.Path}: {problem.Message} (The added keys require this. Nothing was written.)"
                ),
            ]);
        AtomicFile.Write(path, text);
    }

    /// <summary>Reads farm.json, the environment, and the databases that farm.json names.</summary>
    /// <exception cref="InvalidInputException">Carries every problem of them.</exception>
    public static FarmOptions ReadFarmFile(string path)
    {
        if (!File.Exists(path))
            throw new InvalidInputException($"{path}: does not exist. A farm.json that holds only {{}} is valid: echo '{{}}' > {path}");
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string)e.Value!);
        var databases = new MaxMindDatabases(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var result = FarmFileReader.Read(File.ReadAllText(path), environment, databases);
        return result.Options ?? throw new InvalidInputException(path, result.Problems);
    }

    private async Task<FarmOptions> ChoosePortsAsync(FarmOptions options, bool freePorts, ComposeHost host, CancellationToken cancel) =>
        freePorts
            ? FarmPorts.ChooseFree(options, instance.PortsFile, await Preflight.HeldByAsync(host, cancel))
            : FarmPorts.Remembered(options, instance.PortsFile);

    /// <summary>
    /// Takes the farm's lock, which is held until it is disposed: two runs for one farm at the same time would undo each other.
    /// </summary>
    public FileStream LockFarm()
    {
        Directory.CreateDirectory(instance.Folder);
        try
        {
            return new FileStream(Path.Combine(instance.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidInputException($"farm {instance.Name}: another ./farm run is changing it. Wait for that run, or end it.");
        }
    }

    private static List<Image.Upstream> UpstreamOf(Farm farm) =>
        farm.Services.Select(s => s.Image).OfType<Image.Upstream>().Distinct().ToList();

    /// <summary>The upstream images of the farm that this engine lacks, as <see cref="PrepareAsync"/> finds them.</summary>
    private static async Task<IReadOnlySet<Image.Upstream>> MissingImagesAsync(
        DockerClient engine,
        FarmOptions options,
        CancellationToken cancel
    )
    {
        var here = (await engine.Images.ListImagesAsync(new Docker.DotNet.Models.ImagesListParameters(), cancel))
            .SelectMany(i => i.RepoTags ?? [])
            .ToHashSet();
        return UpstreamOf(Farm.Build(options)).Where(i => !here.Contains(i.Reference)).ToHashSet();
    }
}

/// <summary>A farm that is ready to start: its services, and the tags of its images.</summary>
public sealed record PreparedFarm(Farm Farm, ImageTags Images);
