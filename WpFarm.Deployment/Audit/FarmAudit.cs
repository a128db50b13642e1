using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Deployment.Audit;

/// <summary>Looks for what an operator should mend in a farm and its machine. Changes nothing.</summary>
public sealed class FarmAudit(string root, FarmInstance instance, IFarmProgress progress, TimeProvider time)
{
    /// <param name="offline">Ask nothing of the network.</param>
    /// <exception cref="InvalidInputException">farm.json is not valid.</exception>
    public async Task<IReadOnlyList<AuditFinding>> ExamineAsync(string farmFile, bool offline, CancellationToken cancel)
    {
        progress.Begin("Farm");
        var options = FarmPorts.Remembered(FarmRunbook.ReadFarmFile(farmFile), instance.PortsFile);
        var farm = Farm.Build(options);
        var now = time.GetUtcNow();
        var findings = new List<AuditFinding>();
        findings.AddRange(SettingsAudit.Judge(options));
        findings.AddRange(DatabaseAudit.Judge(options.DatabasesBuilt(), now));
        findings.AddRange(VersionAudit.Judge(farm, DateOnly.FromDateTime(now.UtcDateTime)));
        if (Directory.Exists(instance.SecretsFolder))
            findings.AddRange(SecretAudit.Judge(new SecretStore(instance.SecretsFolder).Present, now));
        using var engine = Engine.Connect();
        var answers = await Engine.VersionOfAsync(engine, cancel) is not null;
        var containers = answers ? await ContainersAsync(engine, cancel) : [];
        findings.AddRange(PortAudit.Judge(farm, PublishedBy(containers), Listener.Here()));
        if (!answers)
            return [.. findings, NotLooked(AuditArea.Packages, "images", "the Docker engine does not answer", "start it: ./farm up")];
        findings.AddRange(await JudgeAsync(farm, engine, containers, cancel));
        findings.AddRange(await PackagesAsync(farm, engine, containers, offline, cancel));
        return findings;
    }

    private async Task<IReadOnlyList<ContainerListResponse>> ContainersAsync(DockerClient engine, CancellationToken cancel) =>
        await new ComposeHost(engine, instance, progress).ContainersAsync(cancel);

    private static HashSet<int> PublishedBy(IReadOnlyList<ContainerListResponse> containers) =>
        [.. containers.SelectMany(container => container.Ports ?? []).Select(port => (int)(port.PublicPort ?? 0)).Where(port => port > 0)];

    private static async Task<IEnumerable<AuditFinding>> JudgeAsync(
        Farm farm,
        DockerClient engine,
        IReadOnlyList<ContainerListResponse> containers,
        CancellationToken cancel
    )
    {
        var facts = new List<ContainerFacts>();
        foreach (var container in containers.Where(ContainerStates.IsUp))
            facts.Add(ContainerFacts.Of(await engine.Containers.InspectContainerAsync(container.ID, cancel)));
        return ContainerAudit.Judge(farm, facts);
    }

    private async Task<IReadOnlyList<AuditFinding>> PackagesAsync(
        Farm farm,
        DockerClient engine,
        IReadOnlyList<ContainerListResponse> containers,
        bool offline,
        CancellationToken cancel
    )
    {
        progress.Begin("Images");
        if (offline)
            return [NotLooked(AuditArea.Packages, "images", "Debian's archive is not asked (--offline)", "run ./farm audit without it")];
        var images = FirstPartyImages.Of(farm, containers, new ImageSources(root).TagsOf(farm));
        var findings = new List<AuditFinding>();
        var statuses = new Dictionary<string, string>();
        foreach (var image in images)
            if (await ImagePackages.IsHereAsync(engine, image, cancel))
                statuses[image] = await ImagePackages.StatusAsync(image, cancel);
            else
                findings.Add(NotLooked(AuditArea.Packages, image, "is not built yet", "./farm up builds it"));
        if (statuses.Count == 0)
            return findings;
        try
        {
            var updates = await ImagePackages.UpdatesAsync(statuses.Keys.First(), statuses, progress, cancel);
            return [.. findings, .. updates.Select(image => PackageAudit.Judge(image.Key, image.Value))];
        }
        catch (OperationFailedException e)
        {
            var why = $"Debian's archive could not be asked from a container: {e.Message.Split('\n')[^1].Trim()}";
            return [.. findings, NotLooked(AuditArea.Packages, "images", why, "let containers reach the archive, or say --offline")];
        }
    }

    private static AuditFinding NotLooked(AuditArea area, string subject, string why, string toDo) =>
        new(area, AuditVerdict.Unknown, subject, why, toDo);
}
