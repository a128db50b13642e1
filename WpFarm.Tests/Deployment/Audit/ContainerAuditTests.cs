using Docker.DotNet.Models;
using WpFarm.Deployment.Audit;
using WpFarm.Deployment.Compose;
using WpFarm.Tests.Topology;

namespace WpFarm.Tests.Deployment.Audit;

public sealed class ContainerAuditTests
{
    private static readonly ContainerFacts s_mail = new()
    {
        Name = "wpfarm-dev-mail-1",
        Service = "mail",
        Added = ["CHOWN", "SETUID"],
    };

    public static TheoryData<string> Excesses => [.. s_excesses.Keys];

    /// <summary>What a container may have too much, by the words of the finding.</summary>
    private static readonly Dictionary<string, ContainerFacts> s_excesses = new()
    {
        ["privileged"] = s_mail with { Privileged = true },
        ["keeps Docker's own capabilities"] = s_mail with { DropsAll = false },
        ["CAP_SYS_ADMIN"] = s_mail with { Added = ["CHOWN", "SYS_ADMIN"] },
        ["a writable root file system"] = s_mail with { ReadOnlyRoot = false },
        ["the host's pid namespace"] = s_mail with { HostNamespaces = ["pid"] },
        ["the host's /var/run/docker.sock"] = s_mail with { HostPaths = ["/var/run/docker.sock"] },
        ["the device /dev/fuse"] = s_mail with { Devices = ["/dev/fuse"] },
        ["seccomp=unconfined"] = s_mail with { SecurityOptions = ["no-new-privileges:true", "seccomp=unconfined"] },
        ["can gain privileges"] = s_mail with { SecurityOptions = [] },
        ["the farm has no such service"] = s_mail with { Service = "miner" },
    };

    [Theory]
    [MemberData(nameof(Excesses))]
    public void Judge_AContainerWithMoreThanItsModel_MustBeReplaced(string excess)
    {
        var finding = Assert.Single(ContainerAudit.Judge(TestFarms.OneBox, [s_excesses[excess]]));

        Assert.Equal(AuditVerdict.Mend, finding.Verdict);
        Assert.Equal($"may do more than its model says: {excess}", finding.Detail);
    }

    [Fact]
    public void Judge_AContainerWithWhatItsModelSaysOrLess_IsGood() =>
        Assert.Equal(
            AuditVerdict.Good,
            Assert
                .Single(
                    ContainerAudit.Judge(
                        TestFarms.OneBox,
                        [
                            s_mail,
                            new()
                            {
                                Name = "wpfarm-dev-engine-proxy-1",
                                Service = "engine-proxy",
                                HostPaths = ["/var/run/docker.sock"],
                            },
                        ]
                    )
                )
                .Verdict
        );

    [Fact]
    public void Of_WhatTheEngineSays_LeavesOutTheFarmsOwnFiles()
    {
        var facts = ContainerFacts.Of(
            new()
            {
                Name = "/wpfarm-dev-mail-1",
                Config = new()
                {
                    Labels = new Dictionary<string, string>
                    {
                        [ComposeLabels.Service] = "mail",
                        ["com.docker.compose.project.working_dir"] = "/srv/farm/.farm/dev",
                    },
                },
                HostConfig = new()
                {
                    CapAdd = ["CAP_CHOWN", "KILL"],
                    CapDrop = ["ALL"],
                    PidMode = "host",
                    NetworkMode = "wpfarm-dev_wordpress",
                    Devices = [new DeviceMapping { PathOnHost = "/dev/kvm" }],
                },
                Mounts =
                [
                    new MountPoint { Type = "bind", Source = "/srv/farm/.farm/dev/secrets/x" },
                    new MountPoint { Type = "bind", Source = "/srv/farm/.farm/develop" },
                    new MountPoint { Type = "volume", Source = "/var/lib/docker/volumes/mail" },
                ],
            }
        );

        Assert.Equal(("wpfarm-dev-mail-1", "mail", true, false), (facts.Name, facts.Service, facts.DropsAll, facts.ReadOnlyRoot));
        Assert.Equal(["CHOWN", "KILL"], facts.Added);
        Assert.Equal(["pid"], facts.HostNamespaces);
        Assert.Equal(["/srv/farm/.farm/develop"], facts.HostPaths);
        Assert.Equal(["/dev/kvm"], facts.Devices);
        Assert.Empty(facts.SecurityOptions);
    }
}
