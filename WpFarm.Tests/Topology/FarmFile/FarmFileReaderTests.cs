using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

public sealed class FarmFileReaderTests
{
    [Fact]
    public void An_empty_object_is_a_farm_of_two_sites_of_two_tiers()
    {
        var options = Valid("{}");

        Assert.Equal(["blog", "shop"], options.Sites.Keys);
        Assert.Equal(2, options.Sites.Values.Select(s => s.Tier).Distinct().Count());
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed()
    {
        Assert.Equal("example.com", Valid("{ // where\n \"domain\": \"example.com\", /* end */ }").Domain);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var text = FarmFileReader.Write(
            Valid("""{"domain": "example.com", "database": {"memory": "1G"}, "tiers": {"gold": {"workers": 20}}}""")
        );

        Assert.Equal(text, FarmFileReader.Write(Valid(text)));
    }

    [Fact]
    public void A_tier_of_the_file_changes_only_the_keys_it_names()
    {
        var tiers = Valid("""{"tiers": {"silver": {"replicas": {"min": 3}}, "platinum": {"workers": 32}}}""").Tiers;

        Assert.Equal(["bronze", "gold", "platinum", "silver"], tiers.Keys.Order());
        Assert.Equal((3, 6, 8), (tiers["silver"].Replicas.Min, tiers["silver"].Replicas.Max, tiers["silver"].Workers));
    }

    [Theory]
    [InlineData("WPFARM__DATABASE__MEMORY", "1G")]
    [InlineData("wpfarm__database__memory", "1G")]
    public void The_environment_wins_over_the_file(string name, string value)
    {
        Assert.Equal(ByteSize.GB(1), Valid("""{"database": {"memory": "512M"}}""", (name, value)).Database.Memory);
    }

    [Fact]
    public void The_environment_can_set_numbers_switches_and_list_items()
    {
        var options = Valid(
            """{"sites": {"blog": {"hosts": ["a.example.com", "b.example.com"]}}}""",
            ("WPFARM__EDGE__HTTPPORT", "80"),
            ("WPFARM__OBSERVABILITY__ENABLED", "false"),
            ("WPFARM__SITES__BLOG__HOSTS__1", "c.example.com")
        );

        Assert.Equal(80, options.Edge.HttpPort);
        Assert.False(options.Observability.Enabled);
        Assert.Equal(["a.example.com", "c.example.com"], options.Sites["blog"].Hosts);
    }

    [Fact]
    public void Hosts_and_owners_may_be_written_in_Unicode_and_are_kept_in_ASCII()
    {
        var options = Valid(
            """
            {"domain": "Bücher.example.",
              "sites": {"shop": {"hosts": ["MÜLLER.de", "www.müller.de."], "owner": "Info@Müller.de"}, "blog": {}} }
            """
        );

        Assert.Equal(["xn--mller-kva.de", "www.xn--mller-kva.de"], options.Sites["shop"].Hosts);
        Assert.Equal("Info@xn--mller-kva.de", options.Sites["shop"].Owner);
        Assert.Equal(["shop", "blog"], options.Sites.Keys);
        Assert.Equal("admin@xn--bcher-kva.example", Farm.Build(options).Sites.Single(site => site.Id == "blog").Owner);
    }

    [Theory]
    [InlineData("""{"domian": "x"}""", "domian: is not a key. Did you mean 'domain'?")]
    [InlineData("""{"database": {"memry": "1G"}}""", "database.memry: is not a key. Did you mean 'memory'?")]
    [InlineData("""{"edge": {"httpPort": "80"}}""", "edge.httpPort: must be a whole number, not \"80\".")]
    [InlineData("""{"edge": {"httpPort": 80.5}}""", "edge.httpPort: must be a whole number, not 80.5.")]
    [InlineData("""{"edge": {"httpPort": 70000}}""", "edge.httpPort: must be from 1 to 65535, not 70000.")]
    [InlineData("""{"caching": {"pageTtl": 0}}""", "caching.pageTtl: must be from 1 to 86400, not 0.")]
    [InlineData(
        """{"edge": {"tls": "on"}}""",
        "edge.tls: must be one of \"off\", \"local\", \"files\", \"letsencrypt\", \"proxy\", not \"on\"."
    )]
    [InlineData("""{"edge": []}""", "edge: must be an object: { … }.")]
    [InlineData("""{"domain": null}""", "domain: must be a text, not null.")]
    [InlineData("""{"database": {"memory": "lots"}}""", "database.memory: must be a size such as \"512M\" or \"2G\", not \"lots\".")]
    [InlineData("""{"database": {"memory": "64M"}}""", "database.memory: must be at least 256M, not 64M.")]
    [InlineData("""{"sites": {"a": {"hosts": "x"}}}""", "sites.a.hosts: must be a list: [ … ].")]
    [InlineData("""{"sites": {"a": {"hosts": [1]}}}""", "sites.a.hosts[0]: must be a text.")]
    [InlineData("""{"sites": {}}""", "sites: is empty: a farm needs at least one site. Leave the key out for two examples.")]
    [InlineData("""{"sites": {"A!": {}}}""", "sites.A!: is not a site id")]
    [InlineData("""{"sites": {"a": {"tier": "glod"}}}""", "sites.a.tier: 'glod' is not a tier. Did you mean 'gold'?")]
    [InlineData("""{"sites": {"a": {"hosts": ["http://x"]}}}""", "sites.a.hosts: 'http://x' is not a host name")]
    [InlineData("""{"sites": {"a": {"hosts": ["müller..de"]}}}""", "sites.a.hosts: 'müller..de' is not a host name")]
    [InlineData("""{"sites": {"a": {"hosts": ["Müller.de", "xn--mller-kva.de."]}}}""", "sites.a.hosts: 'müller.de' is listed twice.")]
    [InlineData("""{"sites": {"a": {"owner": "nobody"}}}""", "sites.a.owner: 'nobody' is not a mail address")]
    [InlineData("""{"sites": {"a": {"owner": "Ann <ann@example.com>"}}}""", "sites.a.owner: 'Ann <ann@example.com>' is not a mail address")]
    [InlineData("""{"sites": {"a": {"owner": "ann@localhost"}}}""", "sites.a.owner: 'ann@localhost' is not a mail address")]
    [InlineData(
        """{"sites": {"a": {"locale": "de"}}}""",
        "sites.a.locale: 'de' is not a locale that WordPress has here. Did you mean 'de_DE'?"
    )]
    [InlineData(
        """{"sites": {"a": {"locale": "de-de"}}}""",
        "sites.a.locale: 'de-de' is not a locale that WordPress has here. Did you mean 'de_DE'?"
    )]
    [InlineData(
        """{"sites": {"a": {"locale": "es_MX"}}}""",
        "sites.a.locale: 'es_MX' is not a locale that WordPress has here. Did you mean 'es_ES'?"
    )]
    [InlineData(
        """{"sites": {"a": {"locale": "zh_TWW"}}}""",
        "sites.a.locale: 'zh_TWW' is not a locale that WordPress has here. Did you mean 'zh_TW'?"
    )]
    [InlineData(
        """{"sites": {"a": {"locale": "frr_FR"}}}""",
        "sites.a.locale: 'frr_FR' is not a locale that WordPress has here. Did you mean 'fr_FR'?"
    )]
    [InlineData(
        """{"sites": {"a": {"locale": "quenya"}}}""",
        "sites.a.locale: 'quenya' is not a locale that WordPress has here. Locales: ar,"
    )]
    [InlineData(
        """{"sites": {"a": {"hosts": ["x.org"]}, "b": {"hosts": ["x.org"]}}}""",
        "sites.b.hosts: 'x.org' belongs to site 'a' already."
    )]
    [InlineData("""{"tiers": {"gold": {"replicas": {"min": 3, "max": 2}}}}""", "tiers.gold.replicas: min 3 is more than max 2.")]
    [InlineData("""{"tiers": {"gold": {"memory": "200M"}}}""", "tiers.gold.memory: 200M is too small for one PHP request of 256M")]
    [InlineData(
        """{"edge": {"httpPort": 9090}}""",
        "observability.prometheusPort: port 9090 is used by edge.httpPort already. Choose another."
    )]
    [InlineData("""{"edge": {"tls": "letsencrypt"}}""", "edge.email: is needed with tls \"letsencrypt\"")]
    [InlineData(
        """{"edge": {"tls": "letsencrypt", "email": "a@b.org"}}""",
        "edge.httpPort: is 8080, but with tls \"letsencrypt\" it must be 80"
    )]
    [InlineData(
        """{"edge": {"tls": "letsencrypt", "email": "a@b.org", "httpPort": 80}, "sites": {"a": {"hosts": ["a.localhost"]}}}""",
        "sites.a.hosts: 'a.localhost' is not a public name"
    )]
    [InlineData("""{"edge": {"acme": {"directory": "http://x"}}}""", "edge.acme.directory: 'http://x' is not an https address.")]
    [InlineData("""{"edge": {"acme": {"roots": "x"}}}""", "edge.acme.roots: has no certificate in PEM")]
    [InlineData("""{"edge": {"trustedProxies": ["proxy"]}}""", "edge.trustedProxies: 'proxy' is not an address or a CIDR range.")]
    [InlineData("""{"edge": {"allow": ["home"]}}""", "edge.allow: 'home' is not an address or a CIDR range, nor a country")]
    [InlineData("""{"edge": {"deny": ["0.0.0.0/0"]}}""", "edge.deny: names everybody")]
    [InlineData("""{"edge": {"allow": ["203.0.113.7"], "deny": ["203.0.113.0/24"]}}""", "edge.allow: names only addresses that are denied")]
    [InlineData(
        """{"edge": {"allow": ["203.0.113.0/24"]}, "sites": {"blog": {"allow": ["198.51.100.7"]}}}""",
        "sites.blog.allow: names nobody whom edge.allow names"
    )]
    [InlineData(
        """{"edge": {"deny": ["198.51.100.0/24"]}, "sites": {"blog": {"allow": ["198.51.100.7"]}}}""",
        "sites.blog.allow: names only addresses that are denied"
    )]
    [InlineData("""{"sites": {"blog": {"wafExcept": ["42"]}}}""", "sites.blog.wafExcept: '42' is no rule of the firewall.")]
    [InlineData("""{"tiers": {"bronze": {"waf": "maybe"}}}""", "tiers.bronze.waf")]
    [InlineData("""{"edge": {"trustedProxies": ["0.0.0.0/0"]}}""", "edge.trustedProxies: '0.0.0.0/0' is everybody")]
    [InlineData("""{"storage": {"uploads": "nfs"}}""", "storage.nfsExport: is needed with uploads \"nfs\"")]
    [InlineData("""{"domain": "no good"}""", "domain: 'no good' is not a domain name.")]
    [InlineData("""{"caching": {"ownCookies": ["a=b"]}}""", "caching.ownCookies: 'a=b' is not a name")]
    [InlineData("""{"caching": {"ignoredParameters": ["*"]}}""", "caching.ignoredParameters: '*' is not a name")]
    [InlineData("[]", "must be an object: { … }. An empty {} is a farm.")]
    public void Bad_input_is_one_clear_message_with_its_key(string text, string message)
    {
        var problem = Assert.Single(Problems(text), p => p.ToString().StartsWith(message, StringComparison.Ordinal));

        Assert.DoesNotContain("Exception", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"domain\": x\n}", "line 2, column 13: is not JSON")]
    [InlineData("", "line 1, column 1: is not JSON")]
    [InlineData("""{"domain": "a", "domain": "b"}""", "is not JSON")]
    public void What_is_not_JSON_is_told_by_line_and_column(string text, string message)
    {
        Assert.Contains(message, Assert.Single(Problems(text)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var problems = Problems("""{"domian": "x", "edge": {"httpPort": 0}, "sites": {"a": {"tier": "tin"}, "b": {"hosts": ["-x"]}}}""");

        Assert.Equal(["domian", "edge.httpPort", "sites.a.tier", "sites.b.hosts"], problems.Select(p => p.Path));
    }

    [Fact]
    public void A_problem_of_the_environment_names_its_variable()
    {
        var problem = Assert.Single(Problems("{}", ("WPFARM__EDGE__HTTPPORT", "many")));

        Assert.Equal("environment WPFARM__EDGE__HTTPPORT: must be a whole number, not \"many\".", problem.ToString());
    }

    private static FarmOptions Valid(string text, params (string Name, string Value)[] environment)
    {
        var result = FarmFileReader.Read(text, environment.ToDictionary(e => e.Name, e => e.Value));
        Assert.Empty(result.Problems);
        return result.Options!;
    }

    private static IReadOnlyList<FarmFileProblem> Problems(string text, params (string Name, string Value)[] environment)
    {
        var result = FarmFileReader.Read(text, environment.ToDictionary(e => e.Name, e => e.Value));
        Assert.Null(result.Options);
        return result.Problems;
    }
}
