using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

/// <summary>The database's listeners with <c>database.proxy: "proxysql"</c>.</summary>
public sealed partial class ProxySqlTests
{
    private static readonly FarmOptions s_options = new() { Database = new() { Proxy = DatabaseProxy.ProxySql } };
    private static readonly Farm s_farm = Farm.Build(s_options);

    [Fact]
    public void It_stands_where_HAProxy_stood()
    {
        var (before, now) = (TestFarms.OneBox.Find("db-proxy")!, s_farm.Find("db-proxy")!);

        Assert.Equal(UpstreamImages.ProxySQL, now.Image);
        Assert.Equal(
            before.Networks.Select(n => (n.Network, string.Join(' ', n.Aliases))),
            now.Networks.Select(n => (n.Network, string.Join(' ', n.Aliases)))
        );
        Assert.Contains("interfaces = \"0.0.0.0:3306;0.0.0.0:3307;0.0.0.0:3308\"", Configuration(now), StringComparison.Ordinal);
    }

    [Fact]
    public void WordPress_and_the_servers_do_not_notice()
    {
        foreach (
            var before in TestFarms.OneBox.Services.Where(s =>
                s.Layer is Layer.Application || s.Name.StartsWith("mariadb-", StringComparison.Ordinal)
            )
        )
        {
            var now = s_farm.Find(before.Name)!;
            Assert.Equal(before.Files, now.Files);
            Assert.Equal(before.Calls, now.Calls);
            Assert.Equal(before.Secrets, now.Secrets);
        }
    }

    [Fact]
    public void Without_its_image_HAProxy_stays_in_front_and_the_farm_says_so()
    {
        var farm = Farm.Build(s_options, new HashSet<Image.Upstream> { UpstreamImages.ProxySQL });

        Assert.Equal(new Image.FirstParty("haproxy"), farm.Find("db-proxy")!.Image);
        Assert.Equal("proxysql", Assert.Single(farm.Omitted).Service.Name);
    }

    [Fact]
    public void It_knows_every_user_and_no_password()
    {
        var users = Users()
            .Matches(Configuration(s_farm.Find("db-proxy")!))
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["password"].Value);

        Assert.Equal(s_farm.Sites.Select(site => site.Database).Append("sites_admin").Append("scratch").Order(), users.Keys.Order());
        Assert.All(users.Values, password => Assert.Matches("^<(site|secret):[a-z-]+>$", password));
    }

    [Fact]
    public void Both_manifests_start_it_with_the_farms_own_entrypoint()
    {
        var tags = new ImageTags(
            s_farm.Services.Select(s => s.Image).OfType<Image.FirstParty>().Distinct().ToDictionary(i => i.Folder, _ => "tag")
        );
        const string Entrypoint = "entrypoint: [bash]\n    command: [/etc/farm/proxysql-start, ";

        Assert.Contains(Entrypoint, ComposeManifest.Write(s_farm, TestFarms.Project, tags, "fingerprint"), StringComparison.Ordinal);
        Assert.Contains(Entrypoint, SwarmManifest.Write(s_farm, Stack.Data, TestFarms.Project, tags), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    public async Task The_passwords_are_put_in_as_WordPress_derives_them(int keyLength)
    {
        var key = new string('k', keyLength);

        var (exitCode, written, _) = await StartAsync(key);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain('<', written);
        Assert.Contains("{ username = \"sites_admin\", password = \"of-sites-admin\"", written, StringComparison.Ordinal);
        Assert.Contains("monitor_password = \"of-monitor\"", written, StringComparison.Ordinal);
        Assert.Contains("{ username = \"scratch\", password = \"of-scratch\", default_hostgroup = 3 }", written, StringComparison.Ordinal);
        foreach (var site in s_farm.Sites)
        {
            var password = Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"db-password:{site.Id}"))
            );
            Assert.Contains($"{{ username = \"{site.Database}\", password = \"{password}\"", written, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secret_that_would_end_a_string_is_refused_by_name()
    {
        var (exitCode, _, errors) = await StartAsync("a\"b");

        Assert.Equal(1, exitCode);
        Assert.Contains("the secret sites-key", errors, StringComparison.Ordinal);
    }

    /// <summary>Runs the start script up to its exec of ProxySQL, which is not installed here.</summary>
    private static async Task<(int ExitCode, string Written, string Errors)> StartAsync(string sitesKey)
    {
        var folder = Directory.CreateTempSubdirectory("wpfarm-proxysql-").FullName;
        try
        {
            foreach (var file in s_farm.Find("db-proxy")!.Files)
                await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileName(file.Path)), file.Content);
            await File.WriteAllTextAsync(Path.Combine(folder, Secret.SitesKey), sitesKey);
            await File.WriteAllTextAsync(Path.Combine(folder, Secret.SitesAdmin), "of-sites-admin");
            await File.WriteAllTextAsync(Path.Combine(folder, Secret.Monitor), "of-monitor\n");
            await File.WriteAllTextAsync(Path.Combine(folder, Secret.Scratch), "of-scratch");
            var program = Path.Combine(folder, "proxysql");
            await File.WriteAllTextAsync(program, "#!/bin/sh\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var output = Directory.CreateDirectory(Path.Combine(folder, "run")).FullName;

            using var bash = Process.Start(
                new ProcessStartInfo("bash", [Path.Combine(folder, "proxysql-start"), Path.Combine(folder, "proxysql.cnf"), folder, output])
                {
                    Environment = { ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}" },
                    RedirectStandardError = true,
                }
            )!;
            var errors = await bash.StandardError.ReadToEndAsync();
            await bash.WaitForExitAsync();
            var written = Path.Combine(output, "proxysql.cnf");
            return (bash.ExitCode, File.Exists(written) ? await File.ReadAllTextAsync(written) : "", errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Configuration(Service service) =>
        service.Files.Single(file => file.Path.EndsWith(".cnf", StringComparison.Ordinal)).Content;

    [GeneratedRegex("""username = "(?<name>[^"]+)", password = "(?<password>[^"]+)",""", RegexOptions.None, 1000)]
    private static partial Regex Users();
}
