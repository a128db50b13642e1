using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Polling;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Api.Routes;
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
/// Recovers a farm on an engine that has nothing of it, from a bucket and the backup key alone: reads farm.json and the secrets from the
/// bucket, starts the farm with them, and orders its Orchestrator to restore the data. Every step can be repeated, and the next run
/// finishes a recovery that was killed.
/// </summary>
/// <param name="store">The bucket, at the address by which this machine reaches it.</param>
public sealed class FarmRecovery(string root, FarmInstance instance, ObjectStoreSettings store, BackupKey key, IFarmProgress progress)
{
    /// <summary>Keys of object stores, which a clone does not need because it uses only its own store.</summary>
    private static readonly string[] s_keysOfStores = [Secret.StoreKey, Secret.OffSiteKey];

    /// <summary>
    /// How long the Orchestrator may take to take the backups over: the lease of an Orchestrator that has just died expires after a minute.
    /// </summary>
    private static readonly TimeSpan s_takesOver = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_reseeded = TimeSpan.FromHours(6);

    /// <summary>
    /// True for a clone: the original farm keeps using its bucket, so the backups that the clone needs are copied into the clone's own
    /// object storage.
    /// </summary>
    public bool IsClone { get; init; }

    private string StateFile => Path.Combine(instance.Folder, "recovery.json");

    /// <summary>A recovery that clones a farm of this machine.</summary>
    /// <param name="of">The original farm.</param>
    /// <param name="original">The original farm's instance.</param>
    /// <param name="copy">The clone's instance.</param>
    /// <exception cref="InvalidInputException">
    /// The original makes no backups, or keeps them in its own object storage and does not run.
    /// </exception>
    public static async Task<FarmRecovery> OfCloneAsync(
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
            IsClone = true,
        };
    }

    /// <summary>Reads from the bucket what can be recovered. Changes nothing.</summary>
    /// <exception cref="InvalidInputException">The farm cannot be recovered from the bucket; lists everything that is missing.</exception>
    public async Task<RecoverableFarm> FindAsync(RecoveryTarget wanted, CancellationToken cancel)
    {
        var unfinished = await FindUnfinishedAsync(wanted, cancel);
        try
        {
            using var bucket = new S3ObjectStore(store, TimeProvider.System);
            var catalogue = new BackupCatalogue(bucket);
            var listing = await catalogue.ListAsync(cancel);
            var decision = RecoveryDecision.For(
                listing.Backups,
                unfinished?.Order().Target() ?? wanted,
                [key.Id],
                await catalogue.FindMarkAsync(cancel)
            );
            var configuration = listing.Backups.LastOrDefault(backup =>
                backup.Kind is BackupKind.Configuration
                && backup.KeyId == key.Id
                && (unfinished is null || backup.Id == unfinished.Configuration)
            );
            List<string> problems = [];
            if (decision.Plan is null)
                problems.Add($"{bucket.Location}: {decision.Refusal}");
            if (configuration is null)
                problems.Add(
                    $"{bucket.Location}: has no configuration that the backup key {key.Id} opens. Check the key; "
                        + "./farm up and ./farm backup configuration store the configuration."
                );
            if (problems.Count > 0)
                throw new InvalidInputException(problems);
            using var whole = new MemoryStream();
            using (var content = await catalogue.OpenAsync(configuration!, key, cancel))
                await content.CopyToAsync(whole, cancel);
            whole.Position = 0;
            return new(configuration!, ConfigurationArchive.Unpack(whole), decision.Plan!, wanted, IsContinued: unfinished is not null);
        }
        catch (Exception e) when (e is ObjectStoreException or SealException or InvalidDataException)
        {
            throw new InvalidInputException(e.Message);
        }
    }

    /// <exception cref="InvalidInputException">The operator must change something first; nothing was changed.</exception>
    /// <exception cref="OperationFailedException">A step failed; names the step and the reason. A repeated run continues.</exception>
    public async Task RunAsync(RecoverableFarm found, string farmFile, bool freePorts, CancellationToken cancel)
    {
        progress.Begin("Configuration");
        Write(found, farmFile);
        var runbook = new FarmRunbook(root, instance, progress);
        if (IsClone && RecoveryState.Read(StateFile) is { Restored: false })
            await FetchAsync(found.Plan, await runbook.StartAsync(BackupStore.OwnService, farmFile, freePorts, cancel), cancel);
        var farm = await runbook.UpAsync(farmFile, freePorts, cancel);

        progress.Begin("Data");
        using var orchestrator = new OrchestratorApi(farm, instance);
        if (
            !await Poll.HoldsAsync(
                async () => (await orchestrator.SendAsync(BackupRoutes.Status, cancel)).RecoverableUntil is not null,
                s_takesOver,
                cancel
            )
        )
            throw new OperationFailedException(
                "The Orchestrator has not taken the backups over: "
                    + $"{string.Join("; ", (await orchestrator.SendAsync(BackupRoutes.Status, cancel)).Problems)}"
            );
        if (RecoveryState.Read(StateFile) is { Restored: false } unfinished)
        {
            await new BackupWatch(orchestrator, progress).RunAsync(
                () => orchestrator.SendAsync(BackupRoutes.Restore, unfinished.Order(), cancel),
                cancel
            );
            (unfinished with { Restored = true }).Write(StateFile);
        }

        progress.Begin("Replicas");
        if (
            !await Poll.HoldsAsync(
                async () => (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Problems.Count == 0,
                s_reseeded,
                cancel
            )
        )
            throw new OperationFailedException(
                "The farm is restored, but not every database server has been reseeded. Run ./farm db status to see which."
            );
        // Sets the present passwords of sites again; the restored data may hold older ones.
        await runbook.UpAsync(farmFile, freePorts, cancel);
        File.Delete(StateFile);
    }

    /// <returns>Null when no recovery was begun here, or when its volumes have been removed since.</returns>
    private async Task<RecoveryState?> FindUnfinishedAsync(RecoveryTarget wanted, CancellationToken cancel)
    {
        var unfinished = RecoveryState.Read(StateFile);
        using var engine = Engine.Connect();
        if (await Engine.VersionOfAsync(engine, cancel) is not null)
        {
            var volumes = await new ComposeHost(engine, instance, progress).VolumesAsync(cancel);
            if (volumes.Count == 0)
                return null;
            if (unfinished is null)
                throw new InvalidInputException(
                    $"farm {instance.Name}: exists here already, with data in {volumes.Count} volumes. Choose another name, "
                        + $"or delete it first: ./farm down --volumes --name {instance.Name}"
                );
        }

        return unfinished?.Wanted is null || unfinished.Wanted == wanted.ToString()
            ? unfinished
            : throw new InvalidInputException(
                $"farm {instance.Name}: an unfinished recovery restores it to {unfinished.Wanted}. Repeat that command to finish it, "
                    + $"or delete the farm first: ./farm down --volumes --name {instance.Name}"
            );
    }

    /// <summary>
    /// Copies the backups into the clone's own object storage before anything else of the clone runs: its Orchestrator then finds them as
    /// if they were its own, and restic finds a repository. Copies neither the lease nor the mark, which belong to the original.
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

    /// <summary>
    /// Writes farm.json and the secrets, all or none: an existing file with other content belongs to another farm, or to this farm at a
    /// later time.
    /// </summary>
    private void Write(RecoverableFarm found, string farmFile)
    {
        var text = IsClone
            ? RecoveredFarmFile.OfClone(found.Configuration.FarmFile)
            : RecoveredFarmFile.OfReplacement(found.Configuration.FarmFile, store);
        var secrets = found.Configuration.Secrets.ExceptBy(IsClone ? s_keysOfStores : [], secret => secret.Key).ToDictionary();
        if (!IsClone)
            secrets[Secret.StoreKey] = File.ReadAllText(store.SecretKeyFile).Trim();
        List<string> problems = [];
        if (File.Exists(farmFile) && File.ReadAllText(farmFile) != text)
            problems.Add(
                $"{farmFile}: exists already and differs from the one in the backup. "
                    + $"{(IsClone ? "Choose another name with --into" : "Name another file with --file")}, or remove it."
            );
        foreach (var (name, value) in secrets)
            if (
                Path.Combine(instance.SecretsFolder, name) is var path
                && File.Exists(path)
                && File.ReadAllText(path).Trim() != value.Trim()
            )
                problems.Add(
                    $"{path}: exists already with another value, so farm {instance.Name} is another farm here. "
                        + $"Choose another name with {(IsClone ? "--into" : "--name")}, "
                        + $"or delete that farm (./farm down --volumes --name {instance.Name}) and its secrets."
                );
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
        if (!found.IsContinued)
            RecoveryState.Of(found).Write(StateFile);
        if (!File.Exists(farmFile))
            AtomicFile.Write(farmFile, text);
        progress.Report("farm.json", farmFile);
        new SecretStore(instance.SecretsFolder).Restore(secrets);
        progress.Report("secrets", $"{secrets.Count}, from {found.Source.Id}");
    }
}

/// <summary>What can be recovered of a farm from a bucket.</summary>
/// <param name="Source">The backup that holds <paramref name="Configuration"/>.</param>
/// <param name="Plan">The backups and binary logs to restore.</param>
/// <param name="Wanted">The target that the operator asked for.</param>
/// <param name="IsContinued">True when an earlier run began this recovery.</param>
public sealed record RecoverableFarm(
    BackupManifest Source,
    FarmConfiguration Configuration,
    RecoveryPlan Plan,
    RecoveryTarget Wanted,
    bool IsContinued
);
