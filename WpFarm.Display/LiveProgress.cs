using Spectre.Console;
using Spectre.Console.Rendering;
using WpFarm.Contracts.Api;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>A screen that is redrawn in place: the steps so far, the images that are being built, and the services by layer.</summary>
internal sealed class LiveProgress(TimeProvider time) : IFarmProgress
{
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<string> _steps = [];
    private readonly SortedDictionary<string, string> _subjects = new(StringComparer.Ordinal);
    private IReadOnlyList<ServiceReport> _services = [];

    /// <summary>Shows <paramref name="work"/> while it runs, and leaves the last picture on the screen.</summary>
    public static async Task<T> ShowAsync<T>(Func<IFarmProgress, Task<T>> work)
    {
        var progress = new LiveProgress(TimeProvider.System);
        return await Terminal
            .Error.Live(new Text(""))
            .AutoClear(true)
            .StartAsync(async screen =>
            {
                var running = work(progress);
                using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
                while (!running.IsCompleted)
                {
                    screen.UpdateTarget(progress.Picture());
                    await Task.WhenAny(running, tick.WaitForNextTickAsync().AsTask());
                }

                return await running;
            });
    }

    public void Begin(string step)
    {
        lock (_lock)
        {
            _steps.Add(step);
            _subjects.Clear();
        }
    }

    public void Report(string subject, string state)
    {
        lock (_lock)
            _subjects[subject] = state;
    }

    public void Services(IReadOnlyList<ServiceReport> services)
    {
        lock (_lock)
            _services = services;
    }

    private Rows Picture()
    {
        lock (_lock)
        {
            var elapsed = time.GetElapsedTime(_start);
            var rows = new List<IRenderable>
            {
                new Markup($"[bold]{Markup.Escape(string.Join(" → ", _steps))}[/] [grey]{elapsed:m\\:ss}[/]"),
            };
            if (_services.Count > 0)
                rows.Add(ServicesByLayer());
            else
                rows.AddRange(
                    _subjects.Select(s => new Markup($"  {Markup.Escape(s.Key)} [grey]{Markup.Escape(s.Value)}[/]")
                    {
                        Overflow = Overflow.Ellipsis,
                    })
                );
            return new Rows(rows);
        }
    }

    private Grid ServicesByLayer()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var layer in _services.Where(s => s.State is not ServiceCondition.LeftOut).GroupBy(s => s.Layer).OrderBy(g => g.Key))
        {
            var settled = layer.Count(s => s.IsSettled);
            var names = string.Join(' ', layer.Select(s => $"[{Terminal.Colour(s.State)}]{Markup.Escape(s.Name)}[/]"));
            grid.AddRow(new Markup($"  {Words(layer.Key)}"), new Markup($"[grey]{settled}/{layer.Count()}[/]"), new Markup(names));
        }

        return grid;
    }

    private static string Words(Layer layer) => layer is Layer.ReverseProxy ? "Reverse proxy" : layer.ToString();
}
