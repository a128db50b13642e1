using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using static WpFarm.Tests.Topology.RenderedFarms.RenderedFarm;

namespace WpFarm.Tests.Topology.RenderedFarms;

/// <summary>
/// Every text of these farms equals the reviewed one. The first base is a single machine: PublicationTests compare it with
/// <c>manifests/</c>. Of every other farm only the difference to its base is stored.
/// </summary>
public sealed class RenderedFarmTests
{
    private static Farm OwnImagesOnly => Farm.Build(new FarmOptions(), UpstreamImages.All.ToHashSet());
    private static Farm WithProxySql => Farm.Build(new FarmOptions { Database = new() { Proxy = DatabaseProxy.ProxySql } });

    public static TheoryData<string> Variants => ["3-nodes", "15-nodes", "local", "local-own-images-only", "local-proxysql"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_farm_differs_from_its_base_as_it_was_kept(string name)
    {
        var (before, now) = Render(name);
        var kept = new KeptVariant(name, before, now);
        if (Snapshot.IsAccepting)
            kept.Accept();

        var problems = kept.Compare();

        Assert.True(problems.Count == 0, $"{name} is not as it was kept. {Snapshot.HowToAccept}\n{string.Join('\n', problems)}");
    }

    [Fact]
    public void Everything_that_is_kept_is_of_a_farm_here()
    {
        var names = Variants.Select(variant => variant.Data).ToList();

        Assert.All(Directory.EnumerateFileSystemEntries(KeptVariant.Folder()), path => Assert.Contains(Path.GetFileName(path), names));
    }

    /// <summary>The base of a farm, and the farm's rendered texts.</summary>
    private static (IReadOnlyDictionary<string, string> Before, IReadOnlyDictionary<string, string> Now) Render(string name) =>
        name switch
        {
            "3-nodes" => (Published(TestFarms.OneBox), Published(TestFarms.OnNodes(3))),
            // Some of these sites are silver, a tier that one machine has and the three nodes do not.
            "15-nodes" => (
                Over(Published(TestFarms.OneBox), Published(TestFarms.OnNodes(3))),
                Published(TestFarms.OnNodes(15, sites: 500))
            ),
            "local" => (PublishedForCompose(TestFarms.OneBox), Local(TestFarms.OneBox)),
            "local-own-images-only" => (Local(TestFarms.OneBox), Local(OwnImagesOnly)),
            "local-proxysql" => (Local(TestFarms.OneBox), Local(WithProxySql)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such farm."),
        };

    private static Dictionary<string, string> Over(IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above) =>
        below.Where(text => !above.ContainsKey(text.Key)).Concat(above).ToDictionary();
}
