namespace WpFarm.Orchestrator.Sites;

internal sealed partial class SiteCron
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "wp-cron of {Site} answered {Status}")]
    private partial void LogAnswer(string site, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "wp-cron of {Site} could not be called: {Error}")]
    private partial void LogFailed(string site, string error);
}
