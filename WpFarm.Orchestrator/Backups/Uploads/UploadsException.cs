using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>The agent did not carry out the order. The message says what to do.</summary>
internal sealed class UploadsException(UploadsFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public UploadsFault Fault { get; } = fault;
}
