using System.ComponentModel.DataAnnotations;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>Section <c>Backups:Uploads</c>.</summary>
internal sealed class UploadsOptions
{
    public const string Section = "Backups:Uploads";

    /// <summary>Where the agent listens, for example <c>http://uploads-backup:9301</c>. Null: the farm does not back up its uploads.</summary>
    public Uri? Address { get; set; }

    /// <summary>Of the repository in the bucket of the backups; with a slash at its end.</summary>
    [Required]
    public string Folder { get; set; } = BackupStore.UploadsFolder;

    /// <summary>The name that the agent goes by in proofs.</summary>
    [Required]
    public string Name { get; set; } = "uploads-backup";

    /// <summary>The file with the key that orders are proven with.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>What is only asked, such as how far an order is, is answered within this. 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
}
