namespace WpFarm.Orchestrator.Database;

internal sealed partial class DatabaseAuthority
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Action}: {Reason}")]
    private partial void LogActing(string action, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not acting: {Reason}")]
    private partial void LogHeld(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Action} failed ({Reason}): {Error}; trying again")]
    private partial void LogActionFailed(string action, string reason, string error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{To} is the writer now, after {From}; there was none for {Seconds:0.0} s ({Phases})"
    )]
    private partial void LogPromoted(string to, string from, double seconds, string phases);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after the database servers failed; trying again")]
    private partial void LogTickFailed(Exception exception);
}
