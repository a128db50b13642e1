using System.Globalization;

namespace WpFarm.Scaling;

/// <summary>How signals and times are said in reasons.</summary>
internal static class Words
{
    public static string Name(Signal signal) => signal switch
    {
        Signal.Cpu => "CPU",
        Signal.Memory => "memory",
        Signal.Latency => "latency",
        Signal.Queue => "the queue",
        Signal.Busy => "busy PHP workers",
        Signal.Statements => "running statements",
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    };

    public static string Value(Signal signal, double value) => signal switch
    {
        Signal.Latency => string.Create(CultureInfo.InvariantCulture, $"{value:0} ms"),
        Signal.Queue => string.Create(CultureInfo.InvariantCulture, $"{value:0.#} a container"),
        Signal.Statements => string.Create(CultureInfo.InvariantCulture, $"{value:0} % of the cores"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0} %"),
    };

    public static string Time(TimeSpan time) =>
        time.TotalSeconds < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min");

    public static string Containers(int count) => count == 1 ? "1 container" : $"{count} containers";
}
