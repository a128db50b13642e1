namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>The uploads of all sites, as they were.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Time">When it was begun.</param>
/// <param name="Files">Null when it was not counted.</param>
/// <param name="Bytes">Of the files.</param>
/// <param name="BytesAdded">What the snapshots before it did not have.</param>
internal sealed record UploadsSnapshot(string Id, DateTimeOffset Time, long? Files, long? Bytes, long? BytesAdded);

/// <summary>A snapshot that was just made.</summary>
/// <param name="Initialized">It is the first: there was no repository in the bucket. Where there should have been, it is lost.</param>
/// <param name="BytesStored">What <paramref name="BytesAdded"/> takes in the store, compressed.</param>
/// <param name="Unread">Files that could not be read, by their paths from the folder of all uploads. They are not in it.</param>
internal sealed record UploadsSnapshotReport(
    string Id,
    bool Initialized,
    long Files,
    long FilesNew,
    long FilesChanged,
    long Bytes,
    long BytesAdded,
    long BytesStored,
    IReadOnlyList<string> Unread,
    double Seconds
);

/// <param name="Forgotten">How many there were of those that were named.</param>
/// <param name="Left">How many snapshots there are now.</param>
internal sealed record UploadsForgetReport(int Forgotten, int Left, double Seconds);

/// <param name="Errors">0: all that was looked at is good.</param>
/// <param name="Problems">In restic's words, the first twenty.</param>
internal sealed record UploadsCheckReport(int Errors, IReadOnlyList<string> Problems, double Seconds);

/// <param name="Order">For example <c>POST /snapshots</c>; null: none is being carried out.</param>
/// <param name="Percent">0 to 100.</param>
internal sealed record UploadsProgress(string? Order, double Seconds, double Percent, long Files, long Bytes, long BytesTotal);
