using WpFarm.Deployment.Sbom;

namespace WpFarm.Tests.Deployment.Sbom;

public sealed class CycloneDxBomTests
{
    private static readonly DateTimeOffset s_written = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private const string Status = """
        Package: libstdc++6
        Status: install ok installed
        Priority: optional
        Architecture: amd64
        Source: gcc-14
        Version: 14.2.0-19
        Maintainer: Debian GCC Maintainers <debian-gcc@lists.debian.org>
        Description: GNU Standard C++ Library v3
         Version: is not a field here

        Package: perl-base
        Status: install ok installed
        Architecture: amd64
        Version: 1:5.40.1-6~deb13u1

        Package: gone
        Status: deinstall ok config-files
        Architecture: all
        Version: 1

        Package: farm-no-mysql-client
        Status: install ok installed
        Maintainer: WpFarm <root@localhost>
        Architecture: all
        Version: 1

        """;

    private const string Dependencies = """
        {
          "libraries": {
            "WpFarm.Orchestrator/1.0.0": { "type": "project", "serviceable": false, "sha512": "" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.1": { "type": "runtimepack", "serviceable": false, "sha512": "" },
            "Dapper/2.1.86": { "type": "package", "serviceable": true, "sha512": "sha512-x" }
          }
        }
        """;

    [Fact]
    public void Parse_DpkgsDatabase_HasWhatIsInstalledByItsAddress() =>
        Assert.Equal(
            [
                "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13",
                "pkg:deb/debian/perl-base@1:5.40.1-6~deb13u1?arch=amd64&distro=debian-13",
                "pkg:deb/wpfarm/farm-no-mysql-client@1?arch=all",
            ],
            DebianPackageList.Parse(Status).Select(package => package.PackageUrl)
        );

    [Fact]
    public void Parse_ADotnetProgram_HasItsPackagesAndItsRuntime() =>
        Assert.Equal(
            ["pkg:nuget/Dapper@2.1.86", "pkg:nuget/Microsoft.NETCore.App.Runtime.linux-x64@10.0.1"],
            NuGetPackageList.Parse(Dependencies).Select(package => package.PackageUrl)
        );

    [Fact]
    public void Write_Packages_IsValidByTheSchemaOfCycloneDx() => Assert.Empty(CycloneDxSchema.FaultsOf(Bom()));

    /// <summary>Proves that the validation of the test above finds faults.</summary>
    [Theory]
    [InlineData("\"type\": \"library\"", "\"type\": \"book\"")]
    [InlineData("urn:uuid:", "urn:isbn:")]
    [InlineData("\"timestamp\": \"2026-", "\"timestamp\": \"soon-")]
    public void Validate_AFault_IsFound(string before, string after) =>
        Assert.NotEmpty(CycloneDxSchema.FaultsOf(Bom().Replace(before, after, StringComparison.Ordinal)));

    [Fact]
    public void Write_TheSameImage_HasTheSameNumber()
    {
        Assert.Equal(Bom(), Bom());
        Assert.NotEqual(Bom(), CycloneDxBom.Write("registry.example.com:5000/farm/mail:abc", [], s_written));
    }

    private static string Bom() =>
        CycloneDxBom.Write(
            "registry.example.com:5000/farm/mail:abc",
            [.. DebianPackageList.Parse(Status), .. NuGetPackageList.Parse(Dependencies)],
            s_written
        );
}
