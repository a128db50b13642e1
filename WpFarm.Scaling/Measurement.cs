namespace WpFarm.Scaling;

/// <summary>A value and when it was measured. A signal without one is missing, which is not the same as 0.</summary>
public sealed record Measurement(double Value, DateTimeOffset At);
