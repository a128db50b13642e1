using System.Text.Json;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Backups;

/// <summary>
/// The farm.json of a recovered or cloned farm: the original's, without the settings that only one of the two farms can have.
/// </summary>
internal static class RecoveredFarmFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>
    /// Keys that a clone must not share with the original, which keeps running: the stores that the original writes to, the share with its
    /// uploads, the certificates of its host names, who is told of alerts, the way of its mail, other machines. The clone runs on one
    /// engine, with its own volumes and object storage.
    /// </summary>
    private static readonly string[] s_originals =
    [
        "backups.store",
        "backups.offSite",
        "storage.uploads",
        "storage.uploadsPath",
        "storage.nfsExport",
        "edge.tls",
        "observability.alerts",
        "mail.relay",
        "swarm",
    ];

    /// <summary>
    /// For a farm that replaces a lost one: its backups are in <paramref name="store"/>, whichever store the lost farm used.
    /// </summary>
    /// <exception cref="InvalidInputException">This version of WpFarm cannot read the file.</exception>
    public static string OfReplacement(string text, ObjectStoreSettings store)
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

    /// <summary>For a clone, which runs beside the original.</summary>
    /// <exception cref="InvalidInputException">This version of WpFarm cannot read the file.</exception>
    public static string OfClone(string text)
    {
        string[] none = Read(text).Storage.ObjectStorage is ObjectStorageKind.None ? ["storage.objectStorage"] : [];
        return Checked(s_originals.Concat(none).Aggregate(text, FarmFileEdit.Remove));
    }

    private static FarmOptions Read(string text) =>
        FarmFileReader.Read(text, new Dictionary<string, string>()) switch
        {
            { Options: { } options } => options,
            var read => throw new InvalidInputException("farm.json in the stored configuration", read.Problems),
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
