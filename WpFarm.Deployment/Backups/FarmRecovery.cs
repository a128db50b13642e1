using System.Text.Json;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Recovery;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// Brings a farm up on an engine that has nothing of it, from a bucket and the key of the backups: reads farm.json and the secrets there,
/// starts the farm with them, and has its Orchestrator restore the data. Every step can be repeated; one that was killed is finished by the next.
/// </summary>
public sealed class FarmRecovery(string root, FarmInstance instance, ObjectStoreOptions store, BackupKey key, IFarmProgress progress)
{
    /// <summary>The Orchestrator that kept these backups may have died a moment ago: its lease ends after a minute.</summary>
    private static readonly TimeSpan s_takesOver = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_reseeded = TimeSpan.FromHours(6);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>There from the first change to the end: what the new farm has backed up meanwhile is not what is to be recovered.</summary>
    private string BegunFile => Path.Combine(instance.Folder, "recovery.json");

    /// <summary>Reads what there is. Changes nothing.</summary>
    /// <exception cref="FarmErrorException">It cannot be recovered from there; says all that is missing.</exception>
    public async Task<RecoverableFarm> Find(CancellationToken cancel)
    {
        try
        {
            using var bucket = new S3ObjectStore(store, TimeProvider.System);
            var catalogue = new BackupCatalogue(bucket);
            var listing = await catalogue.ListAsync(cancel).ConfigureAwait(false);
            var begun = Begun.Read(BegunFile);
            var target = begun is null ? new RecoveryTarget.Latest() : (RecoveryTarget)new RecoveryTarget.Transaction(GtidPosition.Parse(begun.Gtid));
            var decision = RecoveryDecision.For(listing.Backups, target, [key.Id], await catalogue.FindMarkAsync(cancel).ConfigureAwait(false));
            var configuration = listing.Backups.LastOrDefault(backup => backup.Kind is BackupKind.Configuration && backup.KeyId == key.Id && (begun is null || backup.Id == begun.Configuration));
            List<string> problems = [];
            if (decision.Plan is null)
                problems.Add($"{bucket.Location}: {decision.Refusal}");
            if (configuration is null)
                problems.Add($"{bucket.Location}: there is no configuration that the key {key.Id} opens. ./farm up and ./farm backup configuration store it.");
            if (problems.Count > 0)
                throw new FarmErrorException(problems);
            using var whole = new MemoryStream();
            using (var content = await catalogue.OpenAsync(configuration!, key, cancel).ConfigureAwait(false))
                await content.CopyToAsync(whole, cancel).ConfigureAwait(false);
            whole.Position = 0;
            return new(configuration!, ConfigurationArchive.Unpack(whole), decision.Plan!);
        }
        catch (Exception e) when (e is ObjectStoreException or SealException or InvalidDataException)
        {
            throw new FarmErrorException(e.Message);
        }
    }

    /// <exception cref="FarmErrorException">Something must be changed first; nothing was.</exception>
    /// <exception cref="FarmFailedException">In which step, and why. Run again, it goes on.</exception>
    public async Task Run(RecoverableFarm found, string farmFile, bool freePorts, CancellationToken cancel)
    {
        progress.Begin("Configuration");
        Write(found, farmFile);
        var runbook = new FarmRunbook(root, instance, progress);
        var farm = await runbook.Up(farmFile, freePorts, cancel).ConfigureAwait(false);

        progress.Begin("Data");
        using var orchestrator = new OrchestratorApi(farm, instance);
        if (!await Wait.Until(async () => (await orchestrator.Backups(cancel).ConfigureAwait(false)).RecoverableUntil is not null, s_takesOver, cancel).ConfigureAwait(false))
            throw new FarmFailedException($"The Orchestrator does not take the backups over: {string.Join("; ", (await orchestrator.Backups(cancel).ConfigureAwait(false)).Problems)}");
        // What is written from then on must not be put back again.
        if (Begun.Read(BegunFile) is { Restored: false } begun)
        {
            await new BackupWatch(orchestrator, progress).Run(() => orchestrator.Restore(new RestoreOrder { Gtid = begun.Gtid, Uploads = true }, cancel), cancel).ConfigureAwait(false);
            (begun with { Restored = true }).Write(BegunFile);
        }

        progress.Begin("Replicas");
        if (!await Wait.Until(async () => (await orchestrator.Database(cancel).ConfigureAwait(false)).Problems.Count == 0, s_reseeded, cancel).ConfigureAwait(false))
            throw new FarmFailedException("The farm is restored, but not every database server has a copy yet: ./farm db status");
        // Passwords of sites that were changed after what is restored.
        await runbook.Up(farmFile, freePorts, cancel).ConfigureAwait(false);
        File.Delete(BegunFile);
    }

    /// <summary>All or nothing: what is there already and differs is another farm's, or this one's with another life since.</summary>
    private void Write(RecoverableFarm found, string farmFile)
    {
        var text = FarmFile(found.Configuration.FarmFile);
        var secrets = new Dictionary<string, string>(found.Configuration.Secrets) { [Secret.StoreKey] = File.ReadAllText(store.SecretKeyFile).Trim() };
        List<string> problems = [];
        if (File.Exists(farmFile) && File.ReadAllText(farmFile) != text)
            problems.Add($"{farmFile}: is there already, and is not what the backup holds. Name another with --file, or remove it.");
        foreach (var (name, value) in secrets)
            if (Path.Combine(instance.SecretsFolder, name) is var path && File.Exists(path) && File.ReadAllText(path).Trim() != value.Trim())
                problems.Add($"{path}: is there already, with another value: farm {instance.Name} is another farm here. Choose another name with --name, or remove that farm first (./farm down --volumes --name {instance.Name}) and its secrets.");
        if (problems.Count > 0)
            throw new FarmErrorException(problems);
        if (!File.Exists(BegunFile))
            new Begun(found.Source.Id, found.Plan.Position.ToString(), Restored: false).Write(BegunFile);
        if (!File.Exists(farmFile))
            AtomicFile.Write(farmFile, text);
        progress.Report("farm.json", farmFile);
        new SecretStore(instance.SecretsFolder).Restore(secrets);
        progress.Report("secrets", $"{secrets.Count}, from {found.Source.Id}");
    }

    /// <summary>Whichever store the farm had, what is left of its backups is in this one.</summary>
    private string FarmFile(string text)
    {
        var options = FarmFileReader.Read(text, new Dictionary<string, string>()).Options
            ?? throw new FarmErrorException($"{store.Endpoint}{store.Bucket}: the farm.json of the configuration is not one that this version reads.");
        if (!IsStore(options.Backups.Store))
            text = FarmFileEdit.Set(text, "backups.store", JsonSerializer.Serialize(new { Endpoint = store.Endpoint!.OriginalString, store.Bucket, store.AccessKey, store.Region }, s_json).Replace("\n", "\n    ", StringComparison.Ordinal));
        if (IsStore(options.Backups.OffSite))
            text = FarmFileEdit.Remove(text, "backups.offSite");
        return FarmFileReader.Read(text, new Dictionary<string, string>()) is { Options: null } read ? throw new FarmErrorException("the recovered farm.json", read.Problems) : text;
    }

    private bool IsStore(BackupStoreOptions? other) => other is not null && Uri.TryCreate(other.Endpoint, UriKind.Absolute, out var endpoint) && endpoint == store.Endpoint && other.Bucket == store.Bucket && other.AccessKey == store.AccessKey && other.Region == store.Region;

    /// <param name="Configuration">The id of the backup that it is in.</param>
    /// <param name="Gtid">The last transaction of the farm that was lost.</param>
    /// <param name="Restored">The farm has it, and goes on from there.</param>
    private sealed record Begun(string Configuration, string Gtid, bool Restored)
    {
        public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, s_json));

        public static Begun? Read(string path) => File.Exists(path) ? JsonSerializer.Deserialize<Begun>(File.ReadAllText(path), s_json) : null;
    }
}

/// <summary>What a bucket has of a farm.</summary>
/// <param name="Source">The backup that <paramref name="Configuration"/> is in.</param>
/// <param name="Plan">How its data would be restored.</param>
public sealed record RecoverableFarm(BackupManifest Source, FarmConfiguration Configuration, RecoveryPlan Plan);
