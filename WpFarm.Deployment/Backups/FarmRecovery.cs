using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// Brings a farm up on an engine that has nothing of it, from a bucket and the key of the backups: reads farm.json and the secrets there,
/// starts the farm with them, and has its Orchestrator restore the data. Every step can be repeated; one that was killed is finished by the next.
/// </summary>
/// <param name="store">The bucket, as this machine reaches it.</param>
public sealed class FarmRecovery(string root, FarmInstance instance, ObjectStoreSettings store, BackupKey key, IFarmProgress progress)
{
    /// <summary>Those that a copy has no use for, since it has no store but its own.</summary>
    private static readonly string[] s_keysOfStores = [Secret.StoreKey, Secret.OffSiteKey];

    /// <summary>The Orchestrator that kept these backups may have died a moment ago: its lease ends after a minute.</summary>
    private static readonly TimeSpan s_takesOver = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_reseeded = TimeSpan.FromHours(6);

    /// <summary>The farm whose backups these are goes on with them in its bucket, so this one gets what it needs of them in object storage of its own.</summary>
    public bool Beside { get; init; }

    private string BegunFile => Path.Combine(instance.Folder, "recovery.json");

    /// <summary>A copy beside a farm of this machine.</summary>
    /// <param name="of">The farm as it is here.</param>
    /// <param name="original">Its name.</param>
    /// <exception cref="InvalidInputException">It makes no backups, or does not run and has them itself.</exception>
    public static async Task<FarmRecovery> CopyAsync(
        string root,
        Farm of,
        FarmInstance original,
        FarmInstance copy,
        IFarmProgress progress,
        CancellationToken cancel
    )
    {
        var store = await ReachableStore.OfAsync(of, original, cancel);
        return new(root, copy, store, BackupKey.Parse(original.SecretsWith(Secret.BackupKey).Read(Secret.BackupKey)), progress)
        {
            Beside = true,
        };
    }

    /// <summary>Reads what there is. Changes nothing.</summary>
    /// <exception cref="InvalidInputException">It cannot be recovered from there; says all that is missing.</exception>
    public async Task<RecoverableFarm> FindAsync(RecoveryTarget wanted, CancellationToken cancel)
    {
        var begun = await FindBegunAsync(wanted, cancel);
        try
        {
            using var bucket = new S3ObjectStore(store, TimeProvider.System);
            var catalogue = new BackupCatalogue(bucket);
            var listing = await catalogue.ListAsync(cancel);
            var decision = RecoveryDecision.For(
                listing.Backups,
                begun?.Order().Target() ?? wanted,
                [key.Id],
                await catalogue.FindMarkAsync(cancel)
            );
            var configuration = listing.Backups.LastOrDefault(backup =>
                backup.Kind is BackupKind.Configuration && backup.KeyId == key.Id && (begun is null || backup.Id == begun.Configuration)
            );
            List<string> problems = [];
            if (decision.Plan is null)
                problems.Add($"{bucket.Location}: {decision.Refusal}");
            if (configuration is null)
                problems.Add(
                    $"{bucket.Location}: there is no configuration that the key {key.Id} opens. ./farm up and ./farm backup configuration store it."
                );
            if (problems.Count > 0)
                throw new InvalidInputException(problems);
            using var whole = new MemoryStream();
            using (var content = await catalogue.OpenAsync(configuration!, key, cancel))
                await content.CopyToAsync(whole, cancel);
            whole.Position = 0;
            return new(configuration!, ConfigurationArchive.Unpack(whole), decision.Plan!, wanted, GoesOn: begun is not null);
        }
        catch (Exception e) when (e is ObjectStoreException or SealException or InvalidDataException)
        {
            throw new InvalidInputException(e.Message);
        }
    }

    /// <exception cref="InvalidInputException">Something must be changed first; nothing was.</exception>
    /// <exception cref="OperationFailedException">In which step, and why. Run again, it goes on.</exception>
    public async Task RunAsync(RecoverableFarm found, string farmFile, bool freePorts, CancellationToken cancel)
    {
        progress.Begin("Configuration");
        Write(found, farmFile);
        var runbook = new FarmRunbook(root, instance, progress);
        if (Beside && BegunRecovery.Read(BegunFile) is { Restored: false })
            await FetchAsync(found.Plan, await runbook.StartAsync(BackupStore.OwnService, farmFile, freePorts, cancel), cancel);
        var farm = await runbook.UpAsync(farmFile, freePorts, cancel);

        progress.Begin("Data");
        using var orchestrator = new OrchestratorApi(farm, instance);
        if (!await Poll.UntilAsync(async () => (await orchestrator.BackupsAsync(cancel)).RecoverableUntil is not null, s_takesOver, cancel))
            throw new OperationFailedException(
                $"The Orchestrator does not take the backups over: {string.Join("; ", (await orchestrator.BackupsAsync(cancel)).Problems)}"
            );
        if (BegunRecovery.Read(BegunFile) is { Restored: false } begun)
        {
            await new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.RestoreAsync(begun.Order(), cancel), cancel);
            (begun with { Restored = true }).Write(BegunFile);
        }

        progress.Begin("Replicas");
        if (!await Poll.UntilAsync(async () => (await orchestrator.DatabaseAsync(cancel)).Problems.Count == 0, s_reseeded, cancel))
            throw new OperationFailedException("The farm is restored, but not every database server has a copy yet: ./farm db status");
        // Passwords of sites that were changed after what is restored.
        await runbook.UpAsync(farmFile, freePorts, cancel);
        File.Delete(BegunFile);
    }

    /// <returns>Null: nothing was begun here, or what was is gone again with its volumes.</returns>
    private async Task<BegunRecovery?> FindBegunAsync(RecoveryTarget wanted, CancellationToken cancel)
    {
        var begun = BegunRecovery.Read(BegunFile);
        using var engine = Engine.Connect();
        if (await Engine.VersionOfAsync(engine, cancel) is not null)
        {
            var volumes = await new ComposeHost(engine, instance, progress).VolumesAsync(cancel);
            if (volumes.Count == 0)
                return null;
            if (begun is null)
                throw new InvalidInputException(
                    $"farm {instance.Name}: is here already, with its data in {volumes.Count} volumes. Choose another name, or remove it first: ./farm down --volumes --name {instance.Name}"
                );
        }

        return begun?.Wanted is null || begun.Wanted == wanted.ToString()
            ? begun
            : throw new InvalidInputException(
                $"farm {instance.Name}: is being restored to {begun.Wanted}, and that did not come to its end. Say the same again, or remove it first: ./farm down --volumes --name {instance.Name}"
            );
    }

    /// <summary>
    /// Before anything else of the farm runs: its Orchestrator finds them there as if they were its own, and restic a repository. Neither the lease
    /// nor the mark, which are the other farm's.
    /// </summary>
    private async Task FetchAsync(RecoveryPlan plan, Farm farm, CancellationToken cancel)
    {
        progress.Begin("Backups");
        try
        {
            using var source = new S3ObjectStore(store, TimeProvider.System);
            using var target = new S3ObjectStore(await ReachableStore.OfAsync(farm, instance, cancel), TimeProvider.System);
            await target.CreateBucketAsync(cancel);
            var copy = new OffSiteCopy(source, target);
            List<BackupManifest> backups = [.. plan.Chain.Backups, .. plan.Logs.Select(step => step.Log)];
            foreach (var (index, backup) in backups.Index())
            {
                progress.Report("database", $"[{index} of {backups.Count} backups and binary logs]");
                await copy.CopyAsync([backup], cancel);
            }

            progress.Report("database", $"{backups.Count} backups and binary logs, {plan.Bytes / 1_000_000} MB");
            if (!farm.Options.Backups.Uploads.Enabled)
                return;
            var objects = await copy.CopyRepositoryAsync(BackupStore.UploadsFolder, cancel, (done, all) =>
                progress.Report("uploads", $"[{done} of {all} objects]")
            );
            progress.Report("uploads", $"{objects} objects of their snapshots");
        }
        catch (ObjectStoreException e)
        {
            throw new OperationFailedException(e.Message, e);
        }
    }

    /// <summary>All or nothing: what is there already and differs is another farm's, or this one's with another life since.</summary>
    private void Write(RecoverableFarm found, string farmFile)
    {
        var text = Beside
            ? RecoveredFarmFile.Beside(found.Configuration.FarmFile)
            : RecoveredFarmFile.Instead(found.Configuration.FarmFile, store);
        var secrets = found.Configuration.Secrets.ExceptBy(Beside ? s_keysOfStores : [], secret => secret.Key).ToDictionary();
        if (!Beside)
            secrets[Secret.StoreKey] = File.ReadAllText(store.SecretKeyFile).Trim();
        List<string> problems = [];
        if (File.Exists(farmFile) && File.ReadAllText(farmFile) != text)
            problems.Add(
                $"{farmFile}: is there already, and is not what the backup holds. {(Beside ? "Choose another name with --into" : "Name another with --file")}, or remove it."
            );
        foreach (var (name, value) in secrets)
            if (
                Path.Combine(instance.SecretsFolder, name) is var path
                && File.Exists(path)
                && File.ReadAllText(path).Trim() != value.Trim()
            )
                problems.Add(
                    $"{path}: is there already, with another value: farm {instance.Name} is another farm here. Choose another name with {(Beside ? "--into" : "--name")}, or remove that farm first (./farm down --volumes --name {instance.Name}) and its secrets."
                );
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
        if (!found.GoesOn)
            BegunRecovery.Of(found).Write(BegunFile);
        if (!File.Exists(farmFile))
            AtomicFile.Write(farmFile, text);
        progress.Report("farm.json", farmFile);
        new SecretStore(instance.SecretsFolder).Restore(secrets);
        progress.Report("secrets", $"{secrets.Count}, from {found.Source.Id}");
    }
}

/// <summary>What a bucket has of a farm.</summary>
/// <param name="Source">The backup that <paramref name="Configuration"/> is in.</param>
/// <param name="Plan">How its data would be restored.</param>
/// <param name="Wanted">What was asked for.</param>
/// <param name="GoesOn">That was begun before, with this plan.</param>
public sealed record RecoverableFarm(
    BackupManifest Source,
    FarmConfiguration Configuration,
    RecoveryPlan Plan,
    RecoveryTarget Wanted,
    bool GoesOn
);
