using System.Text.Json;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Backups;

/// <summary>The farm.json of a farm that is brought up from another's: as that was, but for what only one of them can have.</summary>
internal static class RecoveredFarmFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>
    /// What the original has for itself, since it goes on: the stores that it writes into, the share with its uploads, the certificates of its names,
    /// other machines. The copy is on one engine, with volumes and object storage of its own.
    /// </summary>
    private static readonly string[] s_originals =
    [
        "backups.store",
        "backups.offSite",
        "storage.uploads",
        "storage.uploadsPath",
        "storage.nfsExport",
        "edge.tls",
        "swarm",
    ];

    /// <summary>In the place of a farm that is lost. Whichever store that had, what is left of its backups is in this one.</summary>
    /// <exception cref="InvalidInputException">This version cannot read it.</exception>
    public static string Instead(string text, ObjectStoreSettings store)
    {
        var backups = Read(text).Backups;
        if (!IsStore(backups.Store, store))
            text = FarmFileEdit.Set(
                text,
                "backups.store",
                JsonSerializer
                    .Serialize(
                        new
                        {
                            Endpoint = store.Endpoint.OriginalString,
                            store.Bucket,
                            store.AccessKey,
                            store.Region,
                        },
                        s_json
                    )
                    .Replace("\n", "\n    ", StringComparison.Ordinal)
            );
        return Checked(IsStore(backups.OffSite, store) ? FarmFileEdit.Remove(text, "backups.offSite") : text);
    }

    /// <summary>Beside the farm, which goes on.</summary>
    /// <exception cref="InvalidInputException">This version cannot read it.</exception>
    public static string Beside(string text)
    {
        string[] none = Read(text).Storage.ObjectStorage is ObjectStorageKind.None ? ["storage.objectStorage"] : [];
        return Checked(s_originals.Concat(none).Aggregate(text, FarmFileEdit.Remove));
    }

    private static FarmOptions Read(string text) =>
        FarmFileReader.Read(text, new Dictionary<string, string>()) switch
        {
            { Options: { } options } => options,
            var read => throw new InvalidInputException("the farm.json of the configuration that is stored", read.Problems),
        };

    private static string Checked(string text)
    {
        _ = Read(text);
        return text;
    }

    private static bool IsStore(BackupStoreOptions? other, ObjectStoreSettings store) =>
        other is not null
        && Uri.TryCreate(other.Endpoint, UriKind.Absolute, out var endpoint)
        && endpoint == store.Endpoint
        && other.Bucket == store.Bucket
        && other.AccessKey == store.AccessKey
        && other.Region == store.Region;
}
