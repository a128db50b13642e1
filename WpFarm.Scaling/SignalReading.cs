using System.Globalization;

namespace WpFarm.Scaling;

/// <summary>A signal as it may be relied on: its value, or what is wrong with it.</summary>
/// <param name="Value">Null when it is missing or stale.</param>
/// <param name="Trouble">Empty when it is neither.</param>
internal sealed record SignalReading(Signal Signal, double? Value, string Trouble)
{
    public static SignalReading Of(Signal signal, TierObservation seen, TierPolicy policy, DateTimeOffset now)
    {
        if (!seen.Signals.TryGetValue(signal, out var measured) || !double.IsFinite(measured.Value) || measured.Value < 0)
            return new(signal, null, $"{SignalText.Name(signal)} is missing");
        // A measurement from the future is one of a clock that cannot be trusted.
        var age = (now - measured.At).Duration();
        return age > policy.StaleAfter
            ? new(signal, null, string.Create(CultureInfo.InvariantCulture, $"{SignalText.Name(signal)} is {age.TotalSeconds:0} s old"))
            : new(signal, measured.Value, "");
    }
}
