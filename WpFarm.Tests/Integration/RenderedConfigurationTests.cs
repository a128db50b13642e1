using WpFarm.Deployment.Instance;
using WpFarm.Tests.Integration.Run;
using WpFarm.Tests.Topology.Layers.Observability;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Tests.Integration;

/// <summary>Each rendered file is checked by the program that reads it, in that program's own container.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class RenderedConfigurationTests(SharedFarm farm)
{
    [Theory]
    [InlineData("pool-bronze", "farm-wordpress", "check")]
    [InlineData("wordpress-scratch", "farm-wordpress", "check")]
    [InlineData("varnish", "bash", "-c", "varnishd -C -f /etc/varnish/default.vcl -n /tmp/check -s pages=malloc,1M -s queries=malloc,1M")]
    [InlineData("haproxy", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg", "-f", "/etc/haproxy/haproxy-edge.cfg")]
    [InlineData("db-proxy", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg")]
    [InlineData("engine-proxy", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg")]
    [InlineData("prometheus", "promtool", "check", "config", "/etc/prometheus/prometheus.yml")]
    [InlineData("alertmanager", "amtool", "check-config", "/etc/alertmanager/alertmanager.yml")]
    [InlineData("mariadb-p1", "mariadbd", "--defaults-file=/etc/farm/my.cnf", "--help", "--verbose")]
    [InlineData("mariadb-scratch", "mariadbd", "--defaults-file=/etc/farm/my.cnf", "--help", "--verbose")]
    [InlineData("crowdsec", "crowdsec", "-t", "-c", "/etc/crowdsec/config.yaml")]
    [InlineData("mail", "farm-mail", "check")]
    [InlineData("egress", "squid", "-f", "/etc/farm-egress/squid.conf", "-k", "parse")]
    [InlineData("fail2ban", "fail2ban-client", "-t")]
    public async Task A_rendered_file_is_read_without_an_error(string service, params string[] command)
    {
        var container = (await farm.ContainersAsync(service))[0];

        await SharedFarm.DockerAsync(["exec", container, .. command]);
    }

    [Fact]
    public async Task Each_alert_fires_in_its_cases_and_only_there()
    {
        var prometheus = farm.Farm.Find(Prometheus.Name)!;
        var cases = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), AlertCaseTests.File));

        await CheckAsync(
            Prometheus.Name,
            [
                .. prometheus.Files.Where(file => file.Path.EndsWith("/alerts.yml", StringComparison.Ordinal)),
                new("/alerts.test.yml", cases),
            ],
            "promtool",
            "test",
            "rules",
            "alerts.test.yml"
        );
    }

    /// <summary>Of a farm with a receiver of each kind.</summary>
    [Theory]
    [InlineData("oncall,chat,team,hook,secret-hook,phone", "alertname=PoolDown", "severity=critical")]
    [InlineData("chat,team,hook,secret-hook,phone", "alertname=ReplicationLag", "severity=warning")]
    [InlineData("phone", "alertname=Something", "severity=info")]
    [InlineData("chat", "alertname=AlertTest", "severity=info", "receiver=chat")]
    [InlineData("nobody", "alertname=AlertTest", "severity=info", "receiver=gone")]
    [InlineData("hook,nobody", "alertname=Watchdog", "severity=info")]
    public async Task Alertmanager_tells_an_alert_to_whom_it_may_concern(string receivers, params string[] labels)
    {
        var alertmanager = AlertmanagerFileTests.Of(AlertmanagerFileTests.EachKind);

        await CheckAsync(
            Alertmanager.Name,
            alertmanager.Files,
            "bash",
            [
                "-c",
                "amtool check-config alertmanager.yml && amtool config routes test --config.file alertmanager.yml \"$@\"",
                "test",
                $"--verify.receivers={receivers}",
                .. labels,
            ]
        );
    }

    /// <summary>Runs a service's program on files, in a container of its image.</summary>
    private async Task CheckAsync(string service, IReadOnlyList<MountedFile> files, string program, params string[] arguments)
    {
        var container = (await farm.ContainersAsync(service))[0];
        var image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", container);
        var folder = Directory.CreateTempSubdirectory("wpfarm-checked-");
        try
        {
            File.SetUnixFileMode(folder.FullName, folder.UnixFileMode | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            foreach (var file in files)
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, Path.GetFileName(file.Path)), file.Content);
            string[] options = ["--rm", "--network", "none", "--volume", $"{folder.FullName}:/checked:ro", "--workdir", "/checked"];
            await SharedFarm.DockerAsync(["run", .. options, "--entrypoint", program, image, .. arguments]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A swarm's tmpfs mount has only a size; its owner and mode come from the directory in the image.</summary>
    [Fact]
    public async Task A_service_can_write_into_each_tmpfs_as_a_swarm_mounts_it()
    {
        var tried = 0;
        foreach (var service in farm.Farm.Services.Where(service => service.Tmpfs.Count > 0 && service.Image is Image.FirstParty))
            if (await farm.ContainersAsync(service.Name) is [var container, ..])
            {
                var image = (await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", container)).Trim();
                string[] mounts =
                [
                    .. service.Tmpfs.SelectMany(mount =>
                        (string[])["--mount", $"type=tmpfs,dst={mount.Path},tmpfs-size={mount.Size.Bytes}"]
                    ),
                ];
                string[] files = [.. service.Tmpfs.Select(mount => $"{mount.Path}/written")];

                await SharedFarm.DockerAsync([
                    "run",
                    "--rm",
                    "--read-only",
                    "--cap-drop",
                    "ALL",
                    "--network",
                    "none",
                    .. mounts,
                    "--entrypoint",
                    "touch",
                    image,
                    .. files,
                ]);
                tried++;
            }

        Assert.True(tried >= 10, $"only {tried} services were tried");
    }
}
