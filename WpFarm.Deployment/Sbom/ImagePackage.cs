namespace WpFarm.Deployment.Sbom;

/// <summary>A package in an image.</summary>
/// <param name="PackageUrl">Names it everywhere: https://github.com/package-url/purl-spec.</param>
internal sealed record ImagePackage(string Name, string Version, string PackageUrl);
