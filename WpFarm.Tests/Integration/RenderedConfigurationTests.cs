using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>What was rendered, read by the program that reads it in the farm, in its own container.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class RenderedConfigurationTests(SharedFarm farm)
{
    [Theory]
    [InlineData("pool-bronze", "farm-wordpress", "check")]
    [InlineData("wordpress-scratch", "farm-wordpress", "check")]
    [InlineData("varnish", "varnishd", "-C", "-f", "/etc/varnish/default.vcl", "-n", "/tmp/check")]
    [InlineData("haproxy", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg", "-f", "/etc/haproxy/haproxy-edge.cfg")]
    [InlineData("db-proxy", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg")]
    [InlineData("engine-proxy", "haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg")]
    [InlineData("prometheus", "promtool", "check", "config", "/etc/prometheus/prometheus.yml")]
    [InlineData("alertmanager", "amtool", "check-config", "/etc/alertmanager/alertmanager.yml")]
    [InlineData("mariadb-p1", "mariadbd", "--defaults-file=/etc/farm/my.cnf", "--help", "--verbose")]
    [InlineData("mariadb-scratch", "mariadbd", "--defaults-file=/etc/farm/my.cnf", "--help", "--verbose")]
    [InlineData("crowdsec", "crowdsec", "-t", "-c", "/etc/crowdsec/config.yaml")]
    [InlineData("fail2ban", "fail2ban-client", "-t")]
    public async Task A_rendered_file_is_read_without_an_error(string service, params string[] command)
    {
        var container = (await farm.ContainersAsync(service))[0];

        await SharedFarm.DockerAsync(["exec", container, .. command]);
    }
}
