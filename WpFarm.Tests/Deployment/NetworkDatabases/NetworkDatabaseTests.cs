using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Tests.Deployment.NetworkDatabases;

public sealed class NetworkDatabaseTests : IDisposable
{
    private readonly FarmWithDatabases _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_country_and_an_autonomous_system_become_the_fewest_networks()
    {
        var edge = Edge(
            """
            {"edge": {"countryDatabase": "countries.mmdb", "asnDatabase": "asn.mmdb", "deny": ["203.0.113.7", "country:de", "as64497"]}}
            """
        );

        Assert.Equal("# edge.deny in farm.json\n203.0.113.7\n", FileOf(edge, "deny.txt"));
        Assert.Equal("# country:DE, from edge.countryDatabase in farm.json\n192.0.2.0/24\n2001:db8::/32\n", FileOf(edge, "country-de.txt"));
        Assert.Equal("# AS64497, from edge.asnDatabase in farm.json\n2001:db8:5::/48\n", FileOf(edge, "as64497.txt"));
        Assert.Equal(
            [
                "acl deny src -f /etc/haproxy/deny.txt",
                "acl deny src -f /etc/haproxy/country-de.txt",
                "acl deny src -f /etc/haproxy/as64497.txt",
                """http-request return status 403 content-type text/plain string "This address may not visit this site.\n" if deny""",
            ],
            LinesAbout(edge, "deny")
        );
    }

    [Fact]
    public void Lists_share_the_file_of_a_country_that_they_both_name()
    {
        var edge = Edge(
            """
            {"edge": {"countryDatabase": "countries.mmdb"},
             "sites": {"a": {"allow": ["country:DE"]}, "b": {"deny": ["country:DE", "country:FR"]}}}
            """
        );

        Assert.Equal(
            ["country-de.txt", "country-fr.txt"],
            FilesOf(edge).Where(name => name.StartsWith("country", StringComparison.Ordinal))
        );
        Assert.DoesNotContain("allow-a.txt", FilesOf(edge));
        Assert.Contains("acl allow-a src -f /etc/haproxy/country-de.txt", LinesAbout(edge, "allow-a"));
        Assert.Contains("acl deny-b src -f /etc/haproxy/country-de.txt", LinesAbout(edge, "deny-b"));
    }

    [Fact]
    public void A_country_with_many_networks_is_in_files_that_a_swarm_accepts()
    {
        // Every second /28, so that no two can be merged.
        var networks = Enumerable.Range(0, 120_000).Select(n => ($"10.{n / 2048}.{n / 8 % 256}.{n % 8 * 32}/28", "DE"));
        _folder.Write(FarmWithDatabases.Countries, MaxMindFile.OfCountries(networks, FarmWithDatabases.Built));

        var edge = Edge("""{"edge": {"countryDatabase": "countries.mmdb", "deny": ["country:DE"]}}""");

        var files = edge.Files.Where(file => file.Path.StartsWith("/etc/haproxy/country-de", StringComparison.Ordinal)).ToList();
        Assert.Equal(["country-de.txt", "country-de-2.txt", "country-de-3.txt"], files.Select(file => Path.GetFileName(file.Path)));
        Assert.All(files, file => Assert.InRange(file.Content.Length, 1, 1_000_000));
        Assert.Equal(120_000, files.Sum(file => file.Content.Split('\n').Count(line => line.Contains('/') && !line.StartsWith('#'))));
        Assert.Contains("acl deny src -f /etc/haproxy/country-de-3.txt", LinesAbout(edge, "deny"));
        Assert.Equal(ByteSize.MB(256 + 100), edge.Limits.Memory);
    }

    [Fact]
    public void The_copy_of_farm_json_in_the_Orchestrator_needs_no_database()
    {
        var options = _folder.Read("""{"edge": {"countryDatabase": "countries.mmdb", "allow": ["country:DE"]}}""");

        var copy = FarmFileReader.Read(FarmFileReader.Write(options), new Dictionary<string, string>());

        Assert.Empty(copy.Problems);
        Assert.Equal(options.Edge.Allow, copy.Options!.Edge.Allow);
    }

    [Theory]
    [InlineData(
        """{"edge": {"deny": ["country:DE"]}}""",
        "edge.deny: 'country:DE' needs a database, which the farm does not bring. Name your own in edge.countryDatabase"
    )]
    [InlineData("""{"sites": {"a": {"allow": ["AS64496"]}}}""", "sites.a.allow: 'AS64496' needs a database")]
    [InlineData("""{"edge": {"countryDatabase": "no.mmdb"}}""", "edge.countryDatabase: no.mmdb does not exist. Put the database there")]
    [InlineData("""{"edge": {"countryDatabase": "farm.json"}}""", "edge.countryDatabase: farm.json is not an intact MaxMind DB file")]
    [InlineData("""{"edge": {"countryDatabase": "cut.mmdb"}}""", "edge.countryDatabase: cut.mmdb is not an intact MaxMind DB file")]
    [InlineData(
        """{"edge": {"countryDatabase": "odd.mmdb", "deny": ["country:DE"]}}""",
        "edge.countryDatabase: odd.mmdb does not say what the farm needs in the way of GeoLite2-Country"
    )]
    [InlineData(
        """{"edge": {"countryDatabase": "asn.mmdb"}}""",
        "edge.countryDatabase: asn.mmdb is a database of the type 'GeoLite2-ASN'. Use one whose type has 'Country' in it"
    )]
    [InlineData(
        """{"edge": {"asnDatabase": "countries.mmdb"}}""",
        "edge.asnDatabase: countries.mmdb is a database of the type 'GeoLite2-Country'. Use one whose type has 'ASN' in it"
    )]
    [InlineData(
        """{"edge": {"countryDatabase": "countries.mmdb", "deny": ["country:XX"]}}""",
        "edge.deny: 'country:XX' has no network in countries.mmdb (edge.countryDatabase)."
    )]
    [InlineData(
        """{"edge": {"asnDatabase": "asn.mmdb", "deny": ["AS1"]}}""",
        "edge.deny: 'AS1' has no network in asn.mmdb (edge.asnDatabase)."
    )]
    [InlineData("""{"edge": {"deny": ["AS0"]}}""", "edge.deny: 'AS0' is not the number of an autonomous system: 1 to 4294967295.")]
    [InlineData("""{"edge": {"deny": ["ASx"]}}""", "edge.deny: 'ASx' is not the number of an autonomous system")]
    [InlineData("""{"edge": {"deny": ["AS4294967296"]}}""", "edge.deny: 'AS4294967296' is not the number of an autonomous system")]
    [InlineData("""{"edge": {"deny": ["country:Germany"]}}""", "edge.deny: 'country:Germany' is not a country. Write the two letters")]
    [InlineData(
        """{"edge": {"countryDatabase": "countries.mmdb", "allow": ["country:FR"], "deny": ["198.51.100.0/24"]}}""",
        "edge.allow: names only addresses that are denied, so nobody could visit."
    )]
    [InlineData(
        """{"edge": {"countryDatabase": "countries.mmdb", "deny": ["country:DE"]}, "sites": {"a": {"allow": ["192.0.2.3"]}}}""",
        "sites.a.allow: names only addresses that are denied, so nobody could visit."
    )]
    [InlineData(
        """{"edge": {"countryDatabase": "countries.mmdb", "allow": ["country:DE"]}, "sites": {"a": {"allow": ["country:FR"]}}}""",
        "sites.a.allow: names nobody whom edge.allow names"
    )]
    [InlineData(
        """{"edge": {"countryDatabase": "large.mmdb", "deny": ["country:DE", "country:FR"]}}""",
        "edge.deny: the lists of farm.json name countries and networks that have 500,001 ranges of addresses together, "
            + "and an edge can hold 500,000. 'country:FR' has 300,001."
    )]
    public void Bad_input_is_one_clear_message_with_file_and_key(string farmFile, string message)
    {
        var intact = MaxMindFile.OfCountries([("192.0.2.0/24", "DE")], FarmWithDatabases.Built);
        _folder.Write("cut.mmdb", intact[..^20]);
        _folder.Write("odd.mmdb", MaxMindFile.OfFlatCountries("192.0.2.0/24", "DE", FarmWithDatabases.Built));
        if (farmFile.Contains("large.mmdb", StringComparison.Ordinal))
            _folder.Write(
                "large.mmdb",
                MaxMindFile.OfCountries(
                    Enumerable
                        .Range(0, 500_001)
                        .Select(n => ($"10.{n / 32768}.{n / 128 % 256}.{n % 128 * 2}/32", n < 200_000 ? "DE" : "FR")),
                    FarmWithDatabases.Built
                )
            );

        Assert.StartsWith($"farm.json: {message}", Assert.Single(_folder.Problems(farmFile)), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_lists_and_databases_are_reported_at_once()
    {
        var problems = _folder.Problems(
            """
            {"edge": {"countryDatabase": "countries.mmdb", "asnDatabase": "no.mmdb", "allow": ["AS0"], "deny": ["country:XX", "home"]},
             "sites": {"a": {"tier": "tin", "deny": ["country:YY", "AS1"]}}}
            """
        );

        Assert.Equal(
            ["edge.deny", "sites.a.deny", "edge.asnDatabase", "sites.a.tier", "edge.allow", "edge.deny"],
            problems.Select(problem => problem.Split(": ")[1])
        );
    }

    private Service Edge(string farmFile) => Farm.Build(_folder.Read(farmFile)).Find(HaProxy.Name)!;

    private static IEnumerable<string> FilesOf(Service edge) => edge.Files.Select(file => Path.GetFileName(file.Path));

    private static string FileOf(Service edge, string name) => edge.Files.Single(file => Path.GetFileName(file.Path) == name).Content;

    /// <summary>The lines of the balancer's configuration that end with, or define, an ACL.</summary>
    private static IEnumerable<string> LinesAbout(Service edge, string acl) =>
        FileOf(edge, "haproxy.cfg")
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(line =>
                line.StartsWith($"acl {acl} ", StringComparison.Ordinal) || line.EndsWith($" if {acl}", StringComparison.Ordinal)
            );
}
