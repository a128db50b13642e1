using WpFarm.Deployment.Images;

namespace WpFarm.Tests.Deployment.Images;

public sealed class ImageSourcesTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("wpfarm-sources-");

    public ImageSourcesTests()
    {
        foreach (var image in new[] { "base", "mail" })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_root.FullName, "images", image));
            File.WriteAllText(Path.Combine(folder.FullName, "Dockerfile"), "FROM scratch\n");
        }
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Refresh_AnotherMoment_IsAnotherTagOfEveryImage()
    {
        var sources = new ImageSources(_root.FullName);
        sources.Refresh(new(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1)));
        var before = (sources.TagOf("base"), sources.TagOf("mail"));

        Assert.Equal("2026-02-28T11:59Z", sources.Refresh(new(2026, 2, 28, 12, 59, 59, TimeSpan.FromHours(1))));

        Assert.Equal("2026-02-28T11:59Z\n", File.ReadAllText(Path.Combine(_root.FullName, ImageSources.PackagesFile)));
        Assert.NotEqual(before.Item1, sources.TagOf("base"));
        Assert.NotEqual(before.Item2, sources.TagOf("mail"));
        Assert.Equal(sources.TagOf("mail"), new ImageSources(_root.FullName).TagOf("mail"));
    }
}
