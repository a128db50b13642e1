using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents.Uploads;

/// <param name="Restores">Ids, the oldest first.</param>
public sealed record UploadsRestoreList(IReadOnlyList<string> Restores);

/// <param name="Id">Names the folder with what is aside, <c>/srv/uploads/.restores/ID</c>. Null: nothing is.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record UploadsRestoreReport(string? Id, long Files, long Bytes, double Seconds);

/// <summary>What became of files that were picked by chance, restored and compared.</summary>
/// <param name="Seconds">How long it took.</param>
public sealed record UploadsSample(IReadOnlyList<UploadsSampleFile> Files, double Seconds)
{
    /// <summary>All that were picked were restored, and none differs from an upload that nobody has changed.</summary>
    [JsonIgnore]
    public bool IsGood => Files.All(file => file is { Restored: true, Upload: not UploadsComparison.Differs });
}

/// <param name="Path">From the folder of all uploads.</param>
/// <param name="Bytes">As the snapshot has it.</param>
/// <param name="Sha256">Of the restored file, in lower-case hexadecimal; null when it was not restored.</param>
/// <param name="Restored">It was, with the hashes and the size that the snapshot has.</param>
/// <param name="Upload">How the upload compares.</param>
public sealed record UploadsSampleFile(string Path, long Bytes, string? Sha256, bool Restored, UploadsComparison Upload);

[JsonConverter(typeof(CamelCaseEnumConverter<UploadsComparison>))]
public enum UploadsComparison
{
    Equal,

    /// <summary>It was changed after the snapshot, by its size and time.</summary>
    Changed,

    Gone,

    /// <summary>It has the size and time of the snapshot, and other content: one of the two is damaged.</summary>
    Differs,
}
