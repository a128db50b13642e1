using System.Globalization;

namespace WpFarm.Scaling;

/// <summary>Formats signals and times for reasons.</summary>
internal static class SignalText
{
    public static string Name(Signal signal) =>
        signal switch
        {
            Signal.Cpu => "CPU",
            Signal.Memory => "memory",
            Signal.Latency => "latency",
            Signal.Queue => "the queue",
            Signal.Busy => "busy PHP workers",
            Signal.Statements => "running statements",
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };

    public static string Value(Signal signal, double value) =>
        signal switch
        {
            Signal.Latency => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms"),
            Signal.Queue => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} a container"),
            Signal.Statements => string.Create(CultureInfo.InvariantCulture, $"{value:0} % of the cores"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value:0} %"),
        };

    public static string Time(TimeSpan time)
    {
        var (number, unit) = time switch
        {
            { TotalMinutes: < 2 } => (time.TotalSeconds, "s"),
            { TotalHours: < 2 } => (time.TotalMinutes, "min"),
            _ => (time.TotalHours, "h"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {unit}");
    }

    public static string Containers(int count) => count == 1 ? "1 container" : $"{count} containers";
}
