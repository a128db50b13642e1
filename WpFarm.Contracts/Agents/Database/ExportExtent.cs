namespace WpFarm.Contracts.Agents.Database;

/// <param name="Gtid">GTID position of the export.</param>
public sealed record ExportExtent(string Gtid) : IStreamExtent<ExportExtent>
{
    public static IReadOnlyList<string> TrailerNames { get; } = [AgentTrailers.ExportGtid];

    public IReadOnlyList<(string Name, string? Value)> Trailers => [(AgentTrailers.ExportGtid, Gtid)];

    public static ExportExtent? Read(Func<string, string?> trailer) => trailer(AgentTrailers.ExportGtid) is { } gtid ? new(gtid) : null;
}
