using System.Globalization;

namespace WpFarm.Scaling;

/// <summary>A checked signal: its value, or why it has none.</summary>
/// <param name="Value">Null if the signal is missing or stale.</param>
/// <param name="Trouble">Why there is no value; empty if there is one.</param>
internal sealed record SignalReading(Signal Signal, double? Value, string Trouble)
{
    public static SignalReading Of(Signal signal, TierObservation seen, TierPolicy policy, DateTimeOffset now)
    {
        if (!seen.Signals.TryGetValue(signal, out var measured) || !double.IsFinite(measured.Value) || measured.Value < 0)
            return new(signal, null, $"{SignalText.Name(signal)} is missing");
        // A measurement from the future comes from a wrong clock, so its age cannot be trusted.
        var age = (now - measured.At).Duration();
        return age > policy.StaleAfter
            ? new(signal, null, string.Create(CultureInfo.InvariantCulture, $"{SignalText.Name(signal)} is {age.TotalSeconds:0} s old"))
            : new(signal, measured.Value, "");
    }
}
