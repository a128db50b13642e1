namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>What to restore, and whereto.</summary>
/// <param name="Snapshot">Its id, 64 hexadecimal digits.</param>
/// <param name="Site">Null: every site that the snapshot has.</param>
/// <param name="Path">A file or folder of the site's uploads, for example <c>2026/11/photo.jpg</c>. Null: all of them.</param>
/// <param name="InPlace">
/// True: where it was. What is there now, with all that came later, stays aside until it is removed. False: aside, and nothing else changes.
/// </param>
internal sealed record UploadsRestore(string Snapshot, string? Site, string? Path, bool InPlace);

/// <param name="Id">Names the folder with what is aside, <c>/srv/uploads/.restores/ID</c>. Null: nothing is.</param>
internal sealed record UploadsRestoreReport(string? Id, long Files, long Bytes, double Seconds);

/// <summary>What became of files that were picked by chance, restored and compared.</summary>
internal sealed record UploadsSample(IReadOnlyList<UploadsSampleFile> Files, double Seconds)
{
    /// <summary>All that were picked were restored, and none differs from an upload that nobody has changed.</summary>
    public bool IsGood => Files.All(file => file is { Restored: true, Upload: not UploadsComparison.Differs });
}

/// <param name="Path">From the folder of all uploads.</param>
/// <param name="Sha256">Of the restored file, in lower-case hexadecimal; null when it was not restored.</param>
/// <param name="Restored">It was, with the hashes and the size that the snapshot has.</param>
/// <param name="Upload">How the upload compares.</param>
internal sealed record UploadsSampleFile(string Path, long Bytes, string? Sha256, bool Restored, UploadsComparison Upload);

internal enum UploadsComparison
{
    Equal,

    /// <summary>It was changed after the snapshot, by its size and time.</summary>
    Changed,

    Gone,

    /// <summary>It has the size and time of the snapshot, and other content: one of the two is damaged.</summary>
    Differs,
}
