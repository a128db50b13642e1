using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>Writes one line per change, with the seconds since the start: for logs and pipes.</summary>
public sealed class PlainProgress(TextWriter output, TimeProvider time) : IFarmProgress
{
    private readonly long _start = time.GetTimestamp();
    private readonly Dictionary<string, ServiceCondition> _known = [];
    private readonly Lock _lock = new();

    public void Begin(string step) => Line(step);

    public void Report(string subject, string state)
    {
        // Steps inside a build are omitted: a log gets only its beginning and its end.
        if (!state.StartsWith('['))
            Line($"  {subject}: {state}");
    }

    public void Services(IReadOnlyList<ServiceReport> services)
    {
        foreach (var service in services)
        {
            if (_known.TryGetValue(service.Name, out var before) && before == service.State)
                continue;
            _known[service.Name] = service.State;
            if (service.State is not ServiceCondition.Absent)
                Line($"  {service.Name}: {Terminal.Word(service.State)}{(service.Detail.Length > 0 ? $" ({service.Detail})" : "")}");
        }
    }

    private void Line(string text)
    {
        lock (_lock)
            output.WriteLine($"{time.GetElapsedTime(_start).TotalSeconds, 6:0.0} s {text}");
    }
}
