namespace WpFarm.Backups.Locking;

/// <summary>Durations of a lease. No clock needs to be right.</summary>
public sealed record LeaseOptions
{
    /// <summary>
    /// A holder without a heartbeat for this long has lost the lease. The holder renews after each third of it, and stops after two thirds
    /// without a renewal.
    /// </summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A claim that takes longer than this to be stored is withdrawn, so after this time all valid claims are visible. Acquiring a lease
    /// takes this long plus two seconds, because stores report times in whole seconds.
    /// </summary>
    public TimeSpan ClaimLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time from a failed renewal to the next attempt. An attempt may take twice this.</summary>
    internal TimeSpan RetryEvery => Expiry / 12;

    internal TimeSpan Settling => ClaimLimit + TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">A lease could expire before it is acquired.</exception>
    internal void Check()
    {
        if (ClaimLimit <= TimeSpan.Zero || Expiry < 4 * Settling)
            throw new ArgumentException(
                $"Expiry must be at least {4 * Settling}, four times what acquiring a lease takes, not {Expiry}. "
                    + "Raise Expiry or lower ClaimLimit."
            );
    }
}
