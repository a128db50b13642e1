using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WpFarm.AppHost.Aspire.Watch;
using WpFarm.Tests.Integration;

namespace WpFarm.Tests.AppHost.Aspire;

/// <summary>The watch with Aspire's real services; the tests publish the states of resources.</summary>
public sealed class FarmWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly FarmEnd _end = new();
    private readonly Lifetime _lifetime = new();
    private readonly RecordedLog _log = new();
    private readonly DistributedApplication _app;
    private readonly IResource _install;
    private readonly IResource _edge;
    private readonly FarmWatch _watch;
    private bool _isUp;

    public FarmWatchTests()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        var install = builder.AddContainer("install", "install").WithRole(ResourceRole.Job);
        var edge = builder.AddContainer("edge", "edge").WithRole(ResourceRole.Service).WaitForCompletion(install);
        (_install, _edge) = (install.Resource, edge.Resource);
        _app = builder.Build();
        Func<CancellationToken, Task> onceUp = _ => Task.FromResult(_isUp = true);
        _watch = ActivatorUtilities.CreateInstance<FarmWatch>(
            _app.Services,
            new StartupMonitor(builder.Resources.Watched()),
            _end,
            s_limit,
            onceUp,
            _time,
            _lifetime,
            _log
        );
    }

    public async ValueTask InitializeAsync() => await _watch.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _lifetime.StopApplication();
        await _watch.ExecuteTask!;
        _watch.Dispose();
        await _app.DisposeAsync();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task AJobThatFails_EndsTheProgram()
    {
        await PublishAsync(_install, KnownResourceStates.Exited, exitCode: 3);

        await _lifetime.Stopped;
        Assert.Equal("install ended with exit code 3, so the farm was stopped. See above.", _end.Reason);
        var logged = await _log.NextAsync();
        Assert.StartsWith(
            "Critical: install ended with exit code 3. The farm cannot run without it: this program stops the farm and ends. "
                + "edge waits for it.",
            logged,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task AServiceThatCannotBeStartedAgain_EndsTheProgram()
    {
        await PublishAsync(_edge, KnownResourceStates.Exited, exitCode: 1);

        // Aspire does not run, so it refuses every start command.
        Assert.StartsWith("Error: edge ended with exit code 1. It starts again in 2 s.", await _log.NextAsync(), StringComparison.Ordinal);
        _time.Advance(StartupMonitor.Pauses[0]);
        Assert.StartsWith("Error: edge ended with exit code 1. It starts again in 10 s.", await _log.NextAsync(), StringComparison.Ordinal);
        _time.Advance(StartupMonitor.Pauses[1]);
        await _lifetime.Stopped;
        Assert.StartsWith("edge ended with exit code 1", _end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFarmThatIsNotUpInTime_EndsTheProgram()
    {
        await PublishAsync(_install, KnownResourceStates.Running);
        await PublishAsync(_edge, KnownResourceStates.Waiting);
        // The watch starts on a thread of its own.
        while (!_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            _time.Advance(s_limit);
            await Task.Yield();
        }

        Assert.Equal("The farm is not up after 60 s: install. See above.", _end.Reason);
        Assert.Contains("edge: waits for install", await _log.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFarmThatIsUp_SaysSo()
    {
        await PublishAsync(_install, KnownResourceStates.Exited, exitCode: 0);
        await PublishAsync(_edge, KnownResourceStates.Running);

        Assert.StartsWith("Information: The farm is up after 0 s", await _log.NextAsync(), StringComparison.Ordinal);
        await SharedFarm.EventuallyAsync("what is done then was done", () => Task.FromResult(_isUp));
        Assert.Null(_end.Reason);
    }

    private Task PublishAsync(IResource resource, string state, int? exitCode = null) =>
        _app
            .Services.GetRequiredService<ResourceNotificationService>()
            .PublishUpdateAsync(resource, snapshot => snapshot with { State = state, ExitCode = exitCode });

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stopped => _stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Dispose() => _stopping.Dispose();

        public void StopApplication()
        {
            _stopping.Cancel();
            _stopped.TrySetResult();
        }
    }

    /// <summary>Collects what the console would show.</summary>
    private sealed class RecordedLog : ILogger<FarmWatch>
    {
        private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public async Task<string> NextAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _lines.Writer.TryWrite($"{logLevel}: {formatter(state, exception)}");
    }
}
