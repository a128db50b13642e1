using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents.Uploads;

/// <param name="Restores">Ids, the oldest first.</param>
public sealed record UploadsRestoreList(IReadOnlyList<string> Restores);

/// <param name="Id">Name of the folder with the files that are aside, <c>/srv/uploads/.restores/ID</c>. Null: no files are aside.</param>
/// <param name="Seconds">Duration.</param>
public sealed record UploadsRestoreReport(string? Id, long Files, long Bytes, double Seconds);

/// <summary>The result of restoring randomly picked files and comparing them.</summary>
/// <param name="Seconds">Duration.</param>
public sealed record UploadsSample(IReadOnlyList<UploadsSampleFile> Files, double Seconds)
{
    /// <summary>True when all picked files were restored, and none differs from an upload that has not been changed since.</summary>
    [JsonIgnore]
    public bool IsGood => Files.All(file => file is { Restored: true, Upload: not UploadsComparison.Differs });
}

/// <param name="Path">Relative to the folder of all uploads.</param>
/// <param name="Bytes">Size in the snapshot.</param>
/// <param name="Sha256">Hash of the restored file, in lower-case hexadecimal; null when it was not restored.</param>
/// <param name="Restored">True when it was restored with the hashes and the size in the snapshot.</param>
/// <param name="Upload">Result of the comparison with the present upload.</param>
public sealed record UploadsSampleFile(string Path, long Bytes, string? Sha256, bool Restored, UploadsComparison Upload);

[JsonConverter(typeof(CamelCaseEnumConverter<UploadsComparison>))]
public enum UploadsComparison
{
    Equal,

    /// <summary>Its size or time shows that it was changed after the snapshot.</summary>
    Changed,

    Gone,

    /// <summary>Its size and time are those of the snapshot, but its content differs: one of the two is damaged.</summary>
    Differs,
}
