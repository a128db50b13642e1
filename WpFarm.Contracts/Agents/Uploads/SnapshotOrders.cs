using System.Globalization;

namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>Makes a snapshot of all uploads, and the repository when there is none.</summary>
/// <remarks>A repetition makes another snapshot, which stores only what has changed.</remarks>
public sealed record MakeSnapshotOrder() : AgentOrder<UploadsSnapshotReport>(UploadsAgentRoutes.Snapshot);

/// <summary>Asks for the snapshots. Refused with <see cref="UploadsFault.NoRepository"/> before the first one.</summary>
public sealed record ListSnapshotsOrder() : AgentOrder<UploadsSnapshotList>(UploadsAgentRoutes.Snapshots);

/// <summary>Forgets snapshots, and removes what only they had.</summary>
/// <remarks>
/// Refused when it names all snapshots that there are: one stays. Snapshots that are gone already are passed over, so it can be repeated.
/// </remarks>
/// <param name="Ids">One or more, each 64 lower-case hexadecimal digits.</param>
public sealed record ForgetSnapshotsOrder(IReadOnlyCollection<string> Ids) : AgentOrder<UploadsForgetReport>(UploadsAgentRoutes.Forget)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("ids", string.Join(',', Ids))];
}

/// <summary>Checks that the store has everything that the snapshots need. Changes nothing, so it can be repeated.</summary>
/// <param name="Percent">0 to 100, to two decimal places: how much of the data is read as well, picked by chance.</param>
public sealed record CheckSnapshotsOrder(double Percent) : AgentOrder<UploadsCheckReport>(UploadsAgentRoutes.Check)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments =>
        [("percent", Percent.ToString("0.##", CultureInfo.InvariantCulture))];
}

/// <summary>Restores files picked by chance into a folder that is removed afterwards, and compares them with the uploads.</summary>
/// <remarks>A repetition picks other files.</remarks>
/// <param name="Snapshot">Its id, 64 lower-case hexadecimal digits.</param>
/// <param name="Count">Files, 1 to 200.</param>
public sealed record SampleOrder(string Snapshot, int Count) : AgentOrder<UploadsSample>(UploadsAgentRoutes.Sample)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("snapshot", Snapshot), ("count", Number<int>(Count))];
}

/// <summary>Asks how far the order is that is being carried out.</summary>
public sealed record ProgressOrder() : AgentOrder<UploadsProgress>(UploadsAgentRoutes.Progress);
