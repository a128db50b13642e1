using Microsoft.Extensions.Logging;

namespace WpFarm.AppHost.Aspire.Watch;

internal sealed partial class FarmWatch
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The farm is up after {Seconds:0} s: every service is healthy, every job is done."
    )]
    private partial void LogUp(double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The farm is up, but the work that follows its start failed.")]
    private partial void LogOnceUpFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Resource} {What}{Waiting}")]
    private partial void LogMentioned(string resource, string what, string waiting);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} {What}. It starts again in {Seconds:0} s{Waiting} Its last lines:{Lines}")]
    private partial void LogStartsAgain(string resource, string what, double seconds, string waiting, string lines);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "{Resource} {What}. The farm cannot run without it: this program stops the farm and ends{Waiting} Its last lines:{Lines}"
    )]
    private partial void LogOver(string resource, string what, string waiting, string lines);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "The farm is not up after {Seconds:0} s: this program stops the farm and ends. Not healthy, or not done:{Resources}"
    )]
    private partial void LogLate(double seconds, string resources);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} {What}{Waiting}")]
    private static partial void LogInResource(ILogger log, string resource, string what, string waiting);
}
