using WpFarm.AppHost.Aspire;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.AppHost.Aspire;

public sealed class RuntimeArgumentsTests
{
    private static readonly Farm s_farm = Farm.Build(new FarmOptions());

    [Fact]
    public void Of_EveryService_DropsAllCapabilitiesAndLimitsMemory()
    {
        Assert.All(s_farm.Services, service =>
        {
            var arguments = string.Join(' ', RuntimeArguments.Of(service, "wpfarm-aspire", 1));
            Assert.Contains("--cap-drop ALL", arguments, StringComparison.Ordinal);
            Assert.Contains("--security-opt no-new-privileges:true", arguments, StringComparison.Ordinal);
            Assert.Contains($"--memory {service.Limits.Memory}", arguments, StringComparison.Ordinal);
            Assert.Equal(service.ReadOnlyRoot, arguments.Contains("--read-only", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Of_ServiceWithTmpfs_SaysItAsComposeDoes()
    {
        var arguments = RuntimeArguments.Of(s_farm.Find("mariadb-p1")!, "wpfarm-aspire", 1);

        Assert.Contains("/run/mysqld:size=4194304,uid=3306,gid=3306,mode=0755", arguments);
        Assert.Contains("com.docker.compose.service=mariadb-p1", arguments);
        Assert.Contains("60", arguments);
    }

    [Fact]
    public void Of_ServiceThatFollowsTheLoad_HasTheEngineAskHowItIs()
    {
        var pool = s_farm.Find("pool-bronze")!;

        Assert.Contains("--no-healthcheck", RuntimeArguments.Of(pool, "wpfarm-aspire", 2));
        var arguments = string.Join(' ', RuntimeArguments.Of(pool with { FollowsLoad = true }, "wpfarm-aspire", 2));
        Assert.Contains("--health-cmd 'curl' '--silent' '--fail'", arguments, StringComparison.Ordinal);
        Assert.Contains("com.docker.compose.container-number=2", arguments, StringComparison.Ordinal);
    }
}
