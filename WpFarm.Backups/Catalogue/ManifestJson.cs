using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Backups.Catalogue;

/// <summary>Reads and writes manifests as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(ArchiveMark))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    internal const int CurrentVersion = 1;

    /// <exception cref="ArgumentException">The manifest is invalid.</exception>
    public static byte[] Write(BackupManifest manifest)
    {
        if (ManifestRules.Problems(manifest).ToList() is { Count: > 0 } problems)
            throw new ArgumentException($"{manifest.Id}: {string.Join("; ", problems)}.", nameof(manifest));
        return JsonSerializer.SerializeToUtf8Bytes(manifest, Default.BackupManifest);
    }

    /// <exception cref="ManifestException">The manifest is invalid or too new.</exception>
    public static BackupManifest Read(string id, byte[] json)
    {
        try
        {
            CheckVersion(id, json);
            var manifest = JsonSerializer.Deserialize(json, Default.BackupManifest) ?? throw new JsonException("it is null");
            var problems = ManifestRules.Problems(manifest).ToList();
            if (manifest.Id != id)
                problems.Add($"it is the manifest of {manifest.Id}");
            return problems.Count == 0
                ? manifest
                : throw new ManifestException(id, $"The manifest of {id} is broken: {string.Join("; ", problems)}.");
        }
        catch (JsonException e)
        {
            throw new ManifestException(id, $"The manifest of {id} is broken: {e.Message}", e);
        }
    }

    public static byte[] Write(ArchiveMark mark) => JsonSerializer.SerializeToUtf8Bytes(mark, Default.ArchiveMark);

    /// <exception cref="JsonException">The mark is not valid JSON.</exception>
    public static ArchiveMark ReadMark(byte[] json) =>
        JsonSerializer.Deserialize(json, Default.ArchiveMark) ?? throw new JsonException("it is null");

    private static void CheckVersion(string id, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (
            document.RootElement.ValueKind is not JsonValueKind.Object
            || !document.RootElement.TryGetProperty("version", out var member)
            || member.ValueKind is not JsonValueKind.Number
            || !member.TryGetInt32(out var version)
            || version < 1
        )
            throw new JsonException("version is missing or not a positive number.");
        if (version > CurrentVersion)
            throw new ManifestException(
                id,
                $"The manifest of {id} was written by a newer WpFarm (format {version}; this one reads up to {CurrentVersion}). "
                    + "Use the newer WpFarm."
            );
    }
}
