namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>
/// Restores uploads from a snapshot. They are made complete in a folder beside the uploads first, and verified.
/// </summary>
/// <remarks>
/// Fails with <see cref="UploadsFault.NotFound"/> when the snapshot has no such site or path, and <see cref="UploadsFault.VolumeFull"/>
/// when there is no room. A repetition restores again: what the first one has restored stays aside then.
/// </remarks>
/// <param name="Snapshot">Its id, 64 lower-case hexadecimal digits.</param>
/// <param name="Site">Null: every site that the snapshot has.</param>
/// <param name="Path">
/// A file or folder of the site's uploads, relative, for example <c>2026/11/photo.jpg</c>. Needs a <paramref name="Site"/>. Null: all.
/// </param>
/// <param name="InPlace">
/// True: where it was. What is there now, with all that came later, stays aside until it is removed. False: aside, and nothing else
/// changes.
/// </param>
public sealed record UploadsRestoreOrder(string Snapshot, string? Site, string? Path, bool InPlace)
    : AgentOrder<UploadsRestoreReport>(UploadsAgentRoutes.Restore)
{
    /// <summary>What is sent for <see cref="InPlace"/>.</summary>
    public string Destination => InPlace ? "in-place" : "beside";

    protected override IReadOnlyList<(string Name, string? Value)> Arguments =>
        [("snapshot", Snapshot), ("target", Destination), ("site", Site), ("path", Path)];
}

/// <summary>Asks for the restores that have left something aside.</summary>
public sealed record ListRestoresOrder() : AgentOrder<UploadsRestoreList>(UploadsAgentRoutes.Restores);

/// <summary>Removes what a restore has left aside.</summary>
/// <remarks>Fails with <see cref="UploadsFault.NotFound"/> when it is not there, and so does a repetition.</remarks>
/// <param name="Id">As <see cref="UploadsRestoreReport.Id"/> names it.</param>
public sealed record RemoveRestoreOrder(string Id) : AgentOrder(UploadsAgentRoutes.RemoveRestore)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("id", Id)];
}
