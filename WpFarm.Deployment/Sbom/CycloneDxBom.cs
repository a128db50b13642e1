using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WpFarm.Deployment.Sbom;

/// <summary>
/// Writes a bill of materials of an image, CycloneDX 1.6 in JSON: https://cyclonedx.org/docs/1.6/json/. Programs that know vulnerabilities
/// by package read it. Pure.
/// </summary>
internal static class CycloneDxBom
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="image">Reference of the image: <c>wpfarm/mail:677a7ed263fa</c>.</param>
    /// <param name="written">When the packages were listed.</param>
    public static string Write(string image, IReadOnlyList<ImagePackage> packages, DateTimeOffset written)
    {
        var tag = image.LastIndexOf(':');
        var bom = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = $"urn:uuid:{Identity(image, packages)}",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = $"{written.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
                ["tools"] = new JsonObject
                {
                    ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "WpFarm" }),
                },
                ["component"] = new JsonObject
                {
                    ["type"] = "container",
                    ["bom-ref"] = image,
                    ["name"] = image[..tag],
                    ["version"] = image[(tag + 1)..],
                },
            },
            ["components"] = new JsonArray([.. packages.Select(Component)]),
            ["dependencies"] = new JsonArray(
                new JsonObject
                {
                    ["ref"] = image,
                    ["dependsOn"] = new JsonArray([.. packages.Select(package => (JsonNode)package.PackageUrl)]),
                }
            ),
        };
        return bom.ToJsonString(s_json) + "\n";
    }

    private static JsonNode Component(ImagePackage package) =>
        new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = package.PackageUrl,
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["purl"] = package.PackageUrl,
        };

    /// <summary>A UUID of the form that names itself for a hash (RFC 9562, version 8): the same packages have the same.</summary>
    private static Guid Identity(string image, IReadOnlyList<ImagePackage> packages)
    {
        var text = string.Join('\n', packages.Select(package => package.PackageUrl).Prepend(image));
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
