using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>The order was not carried out. The message says what to do.</summary>
internal sealed class UploadsException(UploadsFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public UploadsFault Fault { get; } = fault;
}
