using System.Globalization;

namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>Makes a snapshot of all uploads. Creates the repository when there is none.</summary>
/// <remarks>A repetition makes another snapshot, which stores only what has changed.</remarks>
public sealed record MakeSnapshotOrder() : AgentOrder<UploadsSnapshotReport>(UploadsAgentRoutes.Snapshot);

/// <summary>Lists the snapshots. Refused with <see cref="UploadsFault.NoRepository"/> before the first one.</summary>
public sealed record ListSnapshotsOrder() : AgentOrder<UploadsSnapshotList>(UploadsAgentRoutes.Snapshots);

/// <summary>Removes snapshots, and the data that no other snapshot uses.</summary>
/// <remarks>
/// Refused when it names all existing snapshots: one must remain. Skips snapshots that no longer exist, so it can be repeated.
/// </remarks>
/// <param name="Ids">One or more, each 64 lower-case hexadecimal digits.</param>
public sealed record ForgetSnapshotsOrder(IReadOnlyCollection<string> Ids) : AgentOrder<UploadsForgetReport>(UploadsAgentRoutes.Forget)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("ids", string.Join(',', Ids))];
}

/// <summary>Checks that the store has all data of the snapshots. Changes nothing, so it can be repeated.</summary>
/// <param name="Percent">Share of the data that is also read, picked at random: 0 to 100, to two decimal places.</param>
public sealed record CheckSnapshotsOrder(double Percent) : AgentOrder<UploadsCheckReport>(UploadsAgentRoutes.Check)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments =>
        [("percent", Percent.ToString("0.##", CultureInfo.InvariantCulture))];
}

/// <summary>Restores randomly picked files into a temporary folder, and compares them with the uploads.</summary>
/// <remarks>A repetition picks other files.</remarks>
/// <param name="Snapshot">Id of the snapshot, 64 lower-case hexadecimal digits.</param>
/// <param name="Count">Number of files, 1 to 200.</param>
public sealed record SampleOrder(string Snapshot, int Count) : AgentOrder<UploadsSample>(UploadsAgentRoutes.Sample)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("snapshot", Snapshot), ("count", Number<int>(Count))];
}

/// <summary>Returns the progress of the order that is being carried out.</summary>
public sealed record ProgressOrder() : AgentOrder<UploadsProgress>(UploadsAgentRoutes.Progress);
