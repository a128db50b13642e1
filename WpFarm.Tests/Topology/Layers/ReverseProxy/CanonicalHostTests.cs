using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.ReverseProxy;
using YamlDotNet.RepresentationModel;

namespace WpFarm.Tests.Topology.Layers.ReverseProxy;

/// <summary>The first host of a site answers, and its other hosts redirect to it.</summary>
public sealed class CanonicalHostTests
{
    private const string Aliases = "/etc/haproxy/aliases.map";

    [Theory]
    [InlineData(TlsMode.Off, "http://shop.example.com:8080")]
    [InlineData(TlsMode.Local, "https://shop.example.com:8443")]
    [InlineData(TlsMode.Proxy, "https://shop.example.com")]
    public void Every_host_but_the_first_leads_to_the_sites_URL(TlsMode tls, string url)
    {
        Assert.Equal([$"www.shop.example.com {url}", $"shop.example.net {url}"], MapOf(FarmOf(tls), Aliases));
    }

    [Fact]
    public void A_farm_without_aliases_has_an_empty_map()
    {
        Assert.Empty(MapOf(TestFarms.OneBox, Aliases));
    }

    /// <summary>HAProxy tries its rules in their order.</summary>
    [Fact]
    public void With_TLS_an_alias_over_http_is_redirected_in_one_step()
    {
        var edge = FileOf(FarmOf(TlsMode.Local), HaProxy.Name, "/etc/haproxy/haproxy-edge.cfg");

        Assert.True(Position(edge, "if alias reads !challenge") < Position(edge, "if insecure reads !challenge"));
    }

    [Theory]
    [InlineData("/etc/haproxy/haproxy.cfg")]
    [InlineData("/etc/haproxy/haproxy-edge.cfg")]
    public void A_redirect_keeps_path_and_query_and_is_in_no_cache(string file)
    {
        var lines = FileOf(FarmOf(TlsMode.Off), HaProxy.Name, file).Split('\n').Where(line => line.Contains("if alias")).ToList();

        Assert.Equal(["301", "308"], lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]));
        Assert.All(lines, line => Assert.Contains("hdr Location \"%[var(txn.url)]%[pathq]\" hdr Cache-Control no-store", line));
    }

    [Fact]
    public void Traefik_leaves_aliases_to_the_balancer_and_out_of_the_page_cache()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(FileOf(Farm.Build(OptionsOf(TlsMode.Off, [])), Traefik.Name, "/etc/traefik/dynamic/routers.yml")));
        var routers = (YamlMappingNode)yaml.Documents[0].RootNode["http"]["routers"];

        Assert.Equal("Host(`shop.example.com`)", (string?)routers["shop"]["rule"]);
        Assert.Equal("balancer", (string?)routers["other-host"]["service"]);
        Assert.Equal("balancer", (string?)routers["other-host-cloudflare"]["service"]);
    }

    /// <summary>Both maps are in the folder that a reload reads again.</summary>
    [Fact]
    public void Hosts_that_change_places_change_nothing_but_maps_of_HAProxy()
    {
        var (before, after) = (FilesOf(FarmOf(TlsMode.Off)), FilesOf(FarmOf(TlsMode.Off, "shop.example.net", "shop.example.com")));

        Assert.Equal(
            ["/etc/haproxy/aliases.map", "/etc/haproxy/hosts.map"],
            after.Where(file => before[file.Key] != file.Value).Select(file => file.Key).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>Without Traefik, so that HAProxy is the edge.</summary>
    private static Farm FarmOf(TlsMode tls, params string[] hosts) => Farm.Build(OptionsOf(tls, hosts), UpstreamImages.All.ToHashSet());

    private static FarmOptions OptionsOf(TlsMode tls, string[] hosts) =>
        new()
        {
            Edge = new() { Tls = tls },
            Sites = new Dictionary<string, SiteOptions>
            {
                ["blog"] = new(),
                ["shop"] = new() { Hosts = hosts.Length > 0 ? hosts : ["shop.example.com", "www.shop.example.com", "shop.example.net"] },
            },
        };

    private static string FileOf(Farm farm, string service, string path) =>
        farm.Find(service)!.Files.Single(file => file.Path == path).Content;

    private static Dictionary<string, string> FilesOf(Farm farm) =>
        farm.Find(HaProxy.Name)!.Files.ToDictionary(file => file.Path, file => file.Content);

    private static IEnumerable<string> MapOf(Farm farm, string path) =>
        FileOf(farm, HaProxy.Name, path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#');

    private static int Position(string text, string part)
    {
        var position = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(position >= 0, part);
        return position;
    }
}
