namespace WpFarm.Contracts.Agents.Uploads;

/// <param name="Snapshots">The oldest first.</param>
public sealed record UploadsSnapshotList(IReadOnlyList<UploadsSnapshot> Snapshots);

/// <summary>The uploads of all sites, as they were.</summary>
/// <param name="Id">64 lower-case hexadecimal digits.</param>
/// <param name="Time">When it was begun.</param>
/// <param name="Files">Null when it was not counted.</param>
/// <param name="Bytes">Of the files; null when it was not counted.</param>
/// <param name="BytesAdded">What the snapshots before it did not have; null when it was not counted.</param>
public sealed record UploadsSnapshot(string Id, DateTimeOffset Time, long? Files, long? Bytes, long? BytesAdded);

/// <summary>A snapshot that was just made.</summary>
/// <param name="Initialized">It is the first: there was no repository in the bucket. Where there should have been, it is lost.</param>
/// <param name="BytesStored">What <paramref name="BytesAdded"/> takes in the store, compressed.</param>
/// <param name="Unread">Files that could not be read, by their paths from the folder of all uploads. They are not in it.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record UploadsSnapshotReport(
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
/// <param name="Seconds">How long it took.</param>
public sealed record UploadsForgetReport(int Forgotten, int Left, double Seconds);

/// <param name="Errors">0: all that was looked at is good.</param>
/// <param name="Problems">In restic's words, the first twenty.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record UploadsCheckReport(int Errors, IReadOnlyList<string> Problems, double Seconds);

/// <param name="Order">For example <c>POST /snapshots</c>; null: none is being carried out, and the rest is absent.</param>
/// <param name="Seconds">Since it began.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="BytesTotal">0 while it is not known.</param>
public sealed record UploadsProgress(
    string? Order,
    double Seconds = 0,
    double Percent = 0,
    long Files = 0,
    long Bytes = 0,
    long BytesTotal = 0
);
