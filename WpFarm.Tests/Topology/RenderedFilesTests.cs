using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

/// <summary>Every file that is rendered for the farm of an empty farm.json, and its manifest, as they were last looked at.</summary>
public sealed class RenderedFilesTests
{
    [Theory]
    [InlineData("with-registry", false)]
    [InlineData("without-registry", true)]
    public void Rendered_files_are_as_they_were_kept(string name, bool withoutUpstream)
    {
        var farm = Farm.Build(new FarmOptions(), withoutUpstream ? UpstreamImages.All.ToHashSet() : null);

        foreach (var service in farm.Services)
            foreach (var file in service.Files)
                Snapshot.Match(file.Content, $"{name}/{service.Name}{file.Path}");
    }

    [Fact]
    public void What_ProxySQL_changes_is_as_it_was_kept()
    {
        var farm = Farm.Build(new FarmOptions { Database = new() { Proxy = DatabaseProxy.ProxySql } });

        foreach (var service in farm.Services)
            foreach (var file in service.Files.Except(TestFarms.OneBox.Services.Single(s => s.Name == service.Name).Files))
                Snapshot.Match(file.Content, $"proxysql/{service.Name}{file.Path}");
    }

    [Theory]
    [InlineData("with-registry", false)]
    [InlineData("without-registry", true)]
    public void The_compose_manifest_is_as_it_was_kept(string name, bool withoutUpstream)
    {
        var farm = Farm.Build(new FarmOptions(), withoutUpstream ? UpstreamImages.All.ToHashSet() : null);
        var tags = new ImageTags(farm.Services.Select(s => s.Image).OfType<Image.FirstParty>().Distinct().ToDictionary(i => i.Folder, _ => "tag"));

        Snapshot.Match(ComposeManifest.Write(farm, "wpfarm-golden", tags, "fingerprint"), $"{name}/compose.yaml");
    }
}
