namespace WpFarm.Contracts.Agents.Uploads;

/// <param name="Snapshots">The oldest first.</param>
public sealed record UploadsSnapshotList(IReadOnlyList<UploadsSnapshot> Snapshots);

/// <summary>A snapshot: the uploads of all sites at one time.</summary>
/// <param name="Id">64 lower-case hexadecimal digits.</param>
/// <param name="Time">When the snapshot was begun.</param>
/// <param name="Files">Number of files; null when not counted.</param>
/// <param name="Bytes">Size of the files; null when not counted.</param>
/// <param name="BytesAdded">Size of the data that earlier snapshots did not have; null when not counted.</param>
public sealed record UploadsSnapshot(string Id, DateTimeOffset Time, long? Files, long? Bytes, long? BytesAdded);

/// <summary>A snapshot that was just made.</summary>
/// <param name="Initialized">
/// True: the agent created the repository, because the bucket had none. If there was one before, it is lost.
/// </param>
/// <param name="BytesStored">Size of <paramref name="BytesAdded"/> in the store, compressed.</param>
/// <param name="Unread">Files that could not be read and are not in the snapshot, as paths relative to the folder of all uploads.</param>
/// <param name="Seconds">Duration.</param>
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

/// <param name="Forgotten">Number of snapshots that were removed.</param>
/// <param name="Left">Number of snapshots that remain.</param>
/// <param name="Seconds">Duration.</param>
public sealed record UploadsForgetReport(int Forgotten, int Left, double Seconds);

/// <param name="Errors">Number of errors. 0: all checked data is good.</param>
/// <param name="Problems">The first twenty messages of restic.</param>
/// <param name="Seconds">Duration.</param>
public sealed record UploadsCheckReport(int Errors, IReadOnlyList<string> Problems, double Seconds);

/// <param name="Order">For example <c>POST /snapshots</c>. Null: no order is being carried out, and the other values are absent.</param>
/// <param name="Seconds">Time since the order began.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="BytesTotal">0 while unknown.</param>
public sealed record UploadsProgress(
    string? Order,
    double Seconds = 0,
    double Percent = 0,
    long Files = 0,
    long Bytes = 0,
    long BytesTotal = 0
);
