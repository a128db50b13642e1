namespace WpFarm.Orchestrator.Sites;

internal sealed partial class SiteCron
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "wp-cron of {Site} answered {Status}")]
    private partial void LogAnswer(string site, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "wp-cron of {Site} could not be called")]
    private partial void LogFailed(Exception exception, string site);
}
