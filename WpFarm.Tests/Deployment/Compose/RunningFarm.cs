using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Compose.Changing;
using WpFarm.Deployment.Images;
using WpFarm.Tests.Topology;
using WpFarm.Topology;

namespace WpFarm.Tests.Deployment.Compose;

/// <summary>A running farm as the engine reports it; plans what <c>./farm up</c> with another farm.json would change.</summary>
internal sealed class RunningFarm : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wpfarm-running-");
    private readonly List<RunningContainer> _containers;

    public RunningFarm(Farm farm)
    {
        var versions = Versions(farm);
        _containers =
        [
            .. farm.Services.SelectMany(service =>
                Enumerable.Repeat(new RunningContainer(service.Name, versions[service.Name], IsUp: !service.IsJob), service.Replicas.Min)
            ),
        ];
        foreach (var service in farm.Services.Where(service => service.Reload is not null))
            LiveFiles.RecordLoaded(service, _folder.FullName);
    }

    public IReadOnlyList<PlannedChange> PlanFor(Farm farm, string tag = "tag") =>
        ChangePlan.Of(farm, Versions(farm, tag), _containers, LiveFiles.NotLoaded(farm, _folder.FullName));

    public void Lose(string service) => _containers.RemoveAll(container => container.Service == service);

    public void Dispose() => _folder.Delete(recursive: true);

    private static IReadOnlyDictionary<string, ServiceVersion> Versions(Farm farm, string tag = "tag")
    {
        var folders = farm.Services.Select(service => service.Image).OfType<Image.FirstParty>().Select(image => image.Folder).Distinct();
        return ComposeManifest.Versions(farm, TestFarms.Project, new ImageTags(folders.ToDictionary(folder => folder, _ => tag)));
    }
}
