using WpFarm.Deployment;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.NetworkDatabases;

/// <summary>A folder with a farm.json, and with databases that know the addresses of documentation.</summary>
internal sealed class FarmWithDatabases : IDisposable
{
    public const string Countries = "countries.mmdb";
    public const string Systems = "asn.mmdb";

    public static DateTimeOffset Built { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wpfarm-databases-");

    public FarmWithDatabases()
    {
        Write(
            Countries,
            MaxMindFile.OfCountries(
                [("192.0.2.0/25", "DE"), ("192.0.2.128/25", "DE"), ("198.51.100.0/24", "FR"), ("2001:db8::/32", "DE")],
                Built
            )
        );
        Write(Systems, MaxMindFile.OfSystems([("198.51.100.0/25", 64496), ("2001:db8:5::/48", 64497)], Built));
    }

    public string FarmFile => Path.Combine(_folder.FullName, "farm.json");

    public void Write(string file, byte[] content) => File.WriteAllBytes(Path.Combine(_folder.FullName, file), content);

    public FarmOptions Read(string farmFile)
    {
        File.WriteAllText(FarmFile, farmFile);
        return FarmRunbook.ReadFarmFile(FarmFile);
    }

    /// <summary>Every problem, without the folder's path.</summary>
    public IReadOnlyList<string> Problems(string farmFile) =>
        [
            .. Assert
                .Throws<InvalidInputException>(() => Read(farmFile))
                .Problems.Select(problem => problem.Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)),
        ];

    public void Dispose() => _folder.Delete(recursive: true);
}
