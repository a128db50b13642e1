namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>
/// Restores uploads from a snapshot. The agent first restores them completely into a folder beside the uploads, and verifies them there.
/// </summary>
/// <remarks>
/// Fails with <see cref="UploadsFault.NotFound"/> when the snapshot has no such site or path, and with
/// <see cref="UploadsFault.VolumeFull"/> when the volume has no room. A repetition restores again, and keeps the result of the first
/// restore aside.
/// </remarks>
/// <param name="Snapshot">Id of the snapshot, 64 lower-case hexadecimal digits.</param>
/// <param name="Site">Id of a site. Null: every site in the snapshot.</param>
/// <param name="Path">
/// Relative path of a file or folder in the site's uploads, for example <c>2026/11/photo.jpg</c>. Needs a <paramref name="Site"/>. Null:
/// all uploads.
/// </param>
/// <param name="InPlace">
/// True: replaces the present uploads, including newer ones, and keeps them aside until they are removed. False: restores into a folder
/// aside, and changes nothing else.
/// </param>
public sealed record UploadsRestoreOrder(string Snapshot, string? Site, string? Path, bool InPlace)
    : AgentOrder<UploadsRestoreReport>(UploadsAgentRoutes.Restore)
{
    /// <summary>The value that is sent for <see cref="InPlace"/>.</summary>
    public string Destination => InPlace ? "in-place" : "beside";

    protected override IReadOnlyList<(string Name, string? Value)> Arguments =>
        [("snapshot", Snapshot), ("target", Destination), ("site", Site), ("path", Path)];
}

/// <summary>Lists the restores that still have files aside.</summary>
public sealed record ListRestoresOrder() : AgentOrder<UploadsRestoreList>(UploadsAgentRoutes.Restores);

/// <summary>Removes the files that a restore keeps aside.</summary>
/// <remarks>Fails with <see cref="UploadsFault.NotFound"/> when there are none. A repetition therefore fails.</remarks>
/// <param name="Id">The <see cref="UploadsRestoreReport.Id"/> of the restore.</param>
public sealed record RemoveRestoreOrder(string Id) : AgentOrder(UploadsAgentRoutes.RemoveRestore)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("id", Id)];
}
