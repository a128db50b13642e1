using System.Text.RegularExpressions;
using FsCheck.Xunit;
using WpFarm.Topology;

namespace WpFarm.Tests.Topology;

/// <summary>Properties that hold for every farm, for all farm.json files and all sets of available images.</summary>
[Properties(Arbitrary = [typeof(FarmGenerator)], MaxTest = 200)]
public sealed class FarmInvariantTests
{
    [Generated]
    public void Service_names_and_aliases_are_unique(Farm farm)
    {
        var names = farm.Services.SelectMany(s => s.Networks.SelectMany(n => n.Aliases).Distinct().Prepend(s.Name)).ToList();

        Assert.Equal(names.Distinct(), names);
    }

    [Generated]
    public void No_port_of_the_host_is_published_twice(Farm farm)
    {
        var ports = farm.Services.SelectMany(s => s.HostPorts).Select(p => p.Host).ToList();

        Assert.Equal(ports.Distinct(), ports);
    }

    [Generated]
    public void Only_networks_with_a_way_out_publish_ports(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.Ports.Count > 0), s => Assert.Contains(farm.Networks, n => !n.Internal && s.IsOn(n.Name)));
    }

    [Generated]
    public void Only_the_Orchestrator_reaches_the_proxy_of_the_engine(Farm farm) =>
        Assert.Equal(["engine-proxy", "orchestrator"], farm.Services.Where(s => s.IsOn(Network.Engine)).Select(s => s.Name).Order());

    [Generated]
    public void Administration_is_published_on_the_loopback_address_only(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.Layer is not Layer.ReverseProxy), s => Assert.All(s.Ports, p => Assert.True(p.LoopbackOnly)));
    }

    [Generated]
    public void Dependencies_exist_and_have_no_cycle(Farm farm)
    {
        var left = farm.Services.ToDictionary(s => s.Name, s => s.DependsOn.Select(d => d.Service).ToHashSet());
        while (left.Where(s => s.Value.All(d => !left.ContainsKey(d))).Select(s => s.Key).ToList() is { Count: > 0 } free)
            free.ForEach(name => left.Remove(name));

        Assert.Empty(left);
    }

    /// <summary>The installation of new sites must not keep visitors from existing sites.</summary>
    [Generated]
    public void Nothing_that_visitors_need_waits_for_a_job(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.ServesVisitors), s => Assert.DoesNotContain(s.DependsOn, d => farm.Find(d.Service)!.IsJob));
    }

    [Generated]
    public void A_folder_that_is_read_again_holds_nothing_but_the_files_of_its_service(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.Reload is not null), s =>
        {
            Assert.Contains(s.Files, s.Reload!.Covers);
            Assert.DoesNotContain(s.Mounts.Select(m => m.Target).Concat(s.Tmpfs.Select(t => t.Path)), path =>
                path.StartsWith(s.Reload.Folder, StringComparison.Ordinal)
            );
        });
    }

    [Generated]
    public void Whoever_calls_shares_a_network_with_whom_it_calls(Farm farm)
    {
        Assert.All(farm.Services, caller => Assert.All(caller.Calls, call =>
            {
                var called = farm.Find(call.Endpoint.Host);
                Assert.NotNull(called);
                Assert.Contains(called.Networks, n =>
                    caller.IsOn(n.Network) && (called.Name == call.Endpoint.Host || n.Aliases.Contains(call.Endpoint.Host))
                );
            }));
    }

    /// <summary>
    /// Files, environments and commands name other services as <c>NAME:PORT</c>. An address without a <see cref="Call"/> is missing in the
    /// diagram, in the network matrix and under Aspire.
    /// </summary>
    [Generated]
    public void Every_address_in_the_settings_of_a_service_is_of_a_service_that_it_calls(Farm farm)
    {
        var hosts = farm.Services.SelectMany(NamesOf).Select(Regex.Escape);
        var address = new Regex($@"(?<![\w.-])(?:{string.Join('|', hosts)}):\d+(?!\w)");

        Assert.All(farm.Services, service =>
        {
            var called = service.Calls.Select(call => call.Endpoint).ToHashSet();
            // Prometheus tells an exporter which server to read.
            var told = farm
                .Services.SelectMany(s => s.Scrapes)
                .Where(scrape => scrape.Through is { } exporter && called.Contains(exporter));
            var allowed = called.Concat(told.Select(scrape => scrape.Endpoint)).Select(endpoint => endpoint.HostAndPort).ToHashSet();
            var texts = service.Files.Select(file => file.Content).Concat(service.Environment.Values).Concat(service.Command);
            var named = texts.SelectMany(text => address.Matches(text)).Select(match => match.Value);
            var others = named.Where(name => !NamesOf(service).Contains(name.Split(':')[0])).Distinct();
            Assert.All(others, name => Assert.True(allowed.Contains(name), $"{service.Name} names {name} and does not call it"));
        });
    }

    [Generated]
    public void WordPress_shares_no_network_with_MariaDB_nor_with_the_public(Farm farm)
    {
        var pools = farm.Services.Where(s => s.Layer is Layer.Application);

        Assert.All(pools, pool =>
            Assert.DoesNotContain(pool.Networks, n => n.Network is Network.Database or Network.Web or Network.Management)
        );
    }

    [Generated]
    public void MariaDB_is_on_the_database_network_alone(Farm farm)
    {
        var servers = farm.Services.Where(s => s.Name.StartsWith("mariadb-", StringComparison.Ordinal)).ToList();

        Assert.True(servers.Count >= 2);
        Assert.All(servers, s => Assert.Equal([Network.Database], s.Networks.Select(n => n.Network)));
    }

    [Generated]
    public void There_is_a_place_to_restore_into_where_drills_are_wanted(Farm farm)
    {
        Assert.All(["mariadb-scratch", "wordpress-scratch"], name =>
            Assert.Equal(
                farm.Options.Backups is { Enabled: true, Drill.Enabled: true } && farm.Find("object-storage") is not null,
                farm.Find(name) is not null
            )
        );
    }

    /// <summary>A service cannot harm what it has no password of, no network to, and no file from.</summary>
    [Generated]
    public void What_shows_restored_data_has_nothing_of_the_live_farm(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.Name == "wordpress-scratch"), s =>
        {
            Assert.Equal([Secret.Scratch], s.Secrets);
            Assert.Equal([Network.WordPress], s.Networks.Select(n => n.Network));
            Assert.Equal(["db-scratch"], s.Calls.Select(c => c.Endpoint.Host));
            Assert.Empty(s.Mounts);
        });
    }

    [Generated]
    public void Restored_data_is_no_part_of_replication_and_of_no_metrics(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.Calls.Any(c => c.Endpoint.Host == "mariadb-scratch")), s =>
            Assert.True(s.Name is "db-proxy" or "orchestrator", s.Name)
        );
        Assert.All(farm.Services.Where(s => s.Name == "mariadb-scratch"), s => Assert.Empty(s.Calls));
        Assert.DoesNotContain(farm.Services.Where(s => s.Name is "prometheus").SelectMany(s => s.Files), file =>
            file.Content.Contains("scratch", StringComparison.Ordinal)
        );
    }

    [Generated]
    public void Every_secret_that_is_mounted_is_generated_and_every_generated_one_is_mounted(Farm farm)
    {
        Assert.Equal(farm.Secrets.Select(s => s.Name).Order(), farm.Services.SelectMany(s => s.Secrets).Distinct().Order());
    }

    [Generated]
    public void Every_volume_that_is_mounted_is_declared(Farm farm)
    {
        Assert.Equal(
            farm.Volumes.Select(v => v.Name).Order(),
            farm.Services.SelectMany(s => s.Mounts).Where(m => !m.HostPath).Select(m => m.Source).Distinct().Order()
        );
    }

    [Generated]
    public void No_two_mounts_of_a_service_are_at_one_path(Farm farm)
    {
        Assert.All(farm.Services, s =>
        {
            var paths = s.Files.Select(f => f.Path).Concat(s.Mounts.Select(m => m.Target)).Concat(s.Tmpfs.Select(t => t.Path)).ToList();
            Assert.Equal(paths.Distinct(), paths);
        });
    }

    [Generated]
    public void Every_first_party_service_has_a_health_check_a_read_only_root_and_limits(Farm farm)
    {
        Assert.All(farm.Services.Where(s => s.Image is Image.FirstParty), s =>
        {
            Assert.True(s.IsJob || s.Health is not null, $"{s.Name} has no health check");
            // Varnish compiles its configuration and loads the result, which a tmpfs (noexec) does not permit.
            Assert.True(s.ReadOnlyRoot || s.Name == "varnish", $"{s.Name} has a writable root");
            Assert.True(s.Limits.Memory >= ByteSize.MB(16), $"{s.Name} has no memory limit");
        });
    }

    [Generated]
    public void Every_site_has_a_pool_and_a_tier_without_sites_has_none(Farm farm)
    {
        var pools = farm.Services.Where(s => s.Name.StartsWith("pool-", StringComparison.Ordinal)).Select(s => s.Name);

        Assert.Equal(farm.Sites.Select(s => $"pool-{s.Tier}").Distinct().Order(), pools.Order());
    }

    [Generated]
    public void Something_listens_to_visitors_with_and_without_Traefik(Farm farm)
    {
        Assert.Contains(farm.Services, s => s.Ports.Any(p => p.Host == farm.Options.Edge.HttpPort && !p.LoopbackOnly));
    }

    /// <summary>A swarm refuses a config without a byte.</summary>
    [Generated]
    public void No_file_of_a_service_is_empty(Farm farm)
    {
        Assert.All(farm.Services.SelectMany(service => service.Files), file => Assert.NotEmpty(file.Content));
    }

    [Generated]
    public void No_service_calls_one_that_was_left_out(Farm farm)
    {
        var omitted = farm.Omitted.Select(o => o.Service.Name).ToHashSet();

        Assert.All(farm.Services, s => Assert.DoesNotContain(s.Calls, c => omitted.Contains(c.Endpoint.Host)));
    }

    private static IEnumerable<string> NamesOf(Service service) => service.Networks.SelectMany(n => n.Aliases).Prepend(service.Name);
}
