using System.Text.Json;
using WpFarm.Deployment.Audit;
using WpFarm.Tests.Deployment.Sbom;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// What the running containers may do, by the kernel; and what <c>./farm audit</c> and <c>./farm sbom</c> say of a real farm.
/// </summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class AuditTests(SharedFarm farm)
{
    [Fact]
    public async Task No_container_may_do_more_than_its_model_says()
    {
        var looked = 0;
        foreach (var service in farm.Farm.Services.Where(service => !service.IsJob && service.Image is Image.FirstParty))
        foreach (var container in await RunningAsync(service.Name))
        {
            var status = ContainerStatus.Parse(await SharedFarm.DockerAsync("exec", container, "cat", "/proc/1/status"));
            var allowed = ContainerStatus.MaskOf(service.Capabilities.Select(capability => capability.Name));
            Assert.True(status.NoNewPrivileges, $"{service.Name} can gain privileges");
            Assert.True((status.Effective & ~allowed) == 0, $"{service.Name} has the capabilities {status.Effective:x}");
            Assert.True((status.Bounding & ~allowed) == 0, $"{service.Name} can have the capabilities {status.Bounding:x}");
            looked++;
        }

        Assert.True(looked >= 20, $"only {looked} containers were looked at");
    }

    /// <summary>As on a swarm, which ignores <c>security_opt</c>: the image alone sees to it.</summary>
    [Fact]
    public async Task No_first_party_image_has_a_way_to_gain_privileges()
    {
        var images = farm.Farm.Services.Where(service => service.Image is Image.FirstParty).DistinctBy(service => service.Image).ToList();
        foreach (var service in images)
        {
            var container = (await farm.ContainersAsync(service.Name))[0];
            var image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", container);
            var entrypoint = await SharedFarm.DockerAsync("inspect", "--type", "image", "--format", "{{json .Config.Entrypoint}}", image);
            Assert.Equal(Image.FirstParty.Unprivileged, JsonSerializer.Deserialize<string[]>(entrypoint)!.Take(2));

            const string Look = "grep NoNewPrivs: /proc/self/status; find / -xdev -type f -perm /6000";
            string[] run = ["run", "--rm", "--network", "none", "--user", "0:0", "--entrypoint", Image.FirstParty.Unprivileged[0], image];
            var seen = await SharedFarm.DockerAsync([.. run, .. Image.FirstParty.Unprivileged.Skip(1), "sh", "-c", Look]);
            Assert.Equal("NoNewPrivs:\t1", seen);
        }

        Assert.True(images.Count >= 15, $"only {images.Count} images were looked at");
    }

    [Fact]
    public async Task The_audit_of_a_farm_looks_at_its_images_its_containers_and_its_ports()
    {
        var (exitCode, output) = await farm.CommandAsync("audit", "--json");

        var findings = JsonSerializer.Deserialize<List<AuditFinding>>(
            output[output.IndexOf('[')..(output.LastIndexOf(']') + 1)],
            ApiJson.Strict
        )!;
        Assert.Equal(findings.Any(finding => finding.Verdict is AuditVerdict.Mend) ? 1 : 0, exitCode);
        Assert.Equal(AuditVerdict.Good, Assert.Single(findings, finding => finding.Area is AuditArea.Containers).Verdict);
        Assert.All(findings.Where(finding => finding.Area is AuditArea.Ports), finding => Assert.Equal(AuditVerdict.Good, finding.Verdict));
        // Debian may have published an update since the images were built; but each was looked at.
        var packages = findings.Where(finding => finding.Area is AuditArea.Packages).ToList();
        Assert.All(packages, finding => Assert.NotEqual(AuditVerdict.Unknown, finding.Verdict));
        Assert.True(packages.Count >= 15, $"only {packages.Count} images were looked at:\n{output}");
    }

    [Fact]
    public async Task The_bills_of_materials_are_valid_and_name_what_the_images_have()
    {
        var folder = Directory.CreateTempSubdirectory("wpfarm-sbom-");
        try
        {
            await SharedFarm.SucceedsAsync(farm.CommandAsync("sbom", folder.FullName));

            var files = folder.GetFiles();
            Assert.True(files.Length >= 15, $"only {files.Length} images have one");
            foreach (var file in files)
            {
                var bom = await File.ReadAllTextAsync(file.FullName);
                Assert.True(CycloneDxSchema.FaultsOf(bom) is [], $"{file.Name}: {string.Join('\n', CycloneDxSchema.FaultsOf(bom))}");
                Assert.Contains("\"pkg:deb/debian/util-linux@", bom, StringComparison.Ordinal);
            }

            Assert.Contains(
                "\"pkg:nuget/Dapper@",
                await File.ReadAllTextAsync(Path.Combine(folder.FullName, "orchestrator.cdx.json")),
                StringComparison.Ordinal
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Without the spare containers of a tier, which do not run.</summary>
    private async Task<IEnumerable<string>> RunningAsync(string service)
    {
        var running = (await SharedFarm.DockerAsync("ps", "--quiet", "--no-trunc")).Split('\n');
        return (await farm.ContainersAsync(service)).Intersect(running);
    }
}
