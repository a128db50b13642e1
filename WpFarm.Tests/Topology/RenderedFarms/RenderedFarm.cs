using System.Text.RegularExpressions;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Publishing;
using WpFarm.Topology;

namespace WpFarm.Tests.Topology.RenderedFarms;

/// <summary>
/// All texts that a farm renders. The name of a manifest is its path, <c>compose/compose.yaml</c>. The name of a file that a service reads
/// contains the service's name and the file's path in it, <c>files/varnish/etc/varnish/default.vcl</c>.
/// </summary>
/// <remarks>
/// Manifests name files and services by hashes of their content. Here a hash is replaced by <c>HASH</c>: the content is compared
/// separately, and PublicationTests asserts each hash.
/// </remarks>
internal static partial class RenderedFarm
{
    private const string Compose = "compose/compose.yaml";
    private const string Files = "files/";

    /// <summary>The output of <c>./farm publish</c>.</summary>
    public static IReadOnlyDictionary<string, string> Published(Farm farm)
    {
        var published = Publish(farm);
        return published
            .Where(file => !file.Path.Contains("/files/", StringComparison.Ordinal))
            .Select(file => KeyValuePair.Create(file.Path, WithoutHashes(file.Content, published)))
            .Concat(FilesOf(published, published.Single(file => file.Path == Compose).Content))
            .ToDictionary();
    }

    /// <summary>The files that <c>./farm up</c> runs on this machine.</summary>
    public static IReadOnlyDictionary<string, string> Local(Farm farm)
    {
        var published = Publish(farm);
        var manifest = ComposeManifest.Write(farm, TestFarms.Project, Images(farm), "fingerprint");
        var live = farm.Services.SelectMany(LiveFiles.Of, (service, file) =>
            KeyValuePair.Create($"{Files}{service.Name}{file.Path}", file.Content)
        );
        return FilesOf(published, manifest).Concat(live).Prepend(new(Compose, WithoutHashes(manifest, published))).ToDictionary();
    }

    /// <summary>The part of the published files that a farm on this machine has too.</summary>
    public static IReadOnlyDictionary<string, string> PublishedForCompose(Farm farm) =>
        Published(farm).Where(text => text.Key == Compose || text.Key.StartsWith(Files, StringComparison.Ordinal)).ToDictionary();

    public static IReadOnlyList<PublishedFile> Publish(Farm farm) => Publication.Of(farm, TestFarms.Project, Images(farm));

    private static ImageTags Images(Farm farm)
    {
        var folders = farm.Services.Select(s => s.Image).OfType<Image.FirstParty>().Select(image => image.Folder).Distinct();
        return new(folders.ToDictionary(folder => folder, _ => "tag"), farm.Options.Registry);
    }

    private static IEnumerable<KeyValuePair<string, string>> FilesOf(IReadOnlyList<PublishedFile> published, string manifest)
    {
        var contents = published.ToDictionary(file => file.Path, file => file.Content);
        return from file in RenderedManifest.Read(manifest).Files
            select KeyValuePair.Create($"{Files}{file.Service}{file.Target}", contents[$"{Publication.Compose}/{file.File}"]);
    }

    private static string WithoutHashes(string manifest, IEnumerable<PublishedFile> published)
    {
        var hashes = published.SelectMany(file => FileHash().Matches(file.Path)).Select(match => match.Groups["hash"].Value).Distinct();
        var text = Digest().Replace(manifest, $"{ComposeLabels.Digest}: HASH");
        return Regex.Replace(text, $"(?<=[-.])({string.Join('|', hashes)})\\b", "HASH");
    }

    [GeneratedRegex(@"/files/.*\.(?<hash>[0-9a-f]{8})(\.|$)")]
    private static partial Regex FileHash();

    [GeneratedRegex("wpfarm\\.digest: \"?[0-9a-f]{12}\"?")]
    private static partial Regex Digest();
}
