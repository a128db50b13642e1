namespace WpFarm.Backups.Locking;

/// <summary>Times of a lease. All are lengths: whose clock is right does not matter.</summary>
public sealed record LeaseOptions
{
    /// <summary>A holder that was not heard of for so long has lost it. It is renewed each third of this, and given up by its holder after two.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A claim that takes longer than this to be stored is withdrawn; so after this, all claims that count can be seen. To get a lease takes
    /// this and two seconds, since stores give times in whole seconds.
    /// </summary>
    public TimeSpan ClaimLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From a renewal that failed to the next attempt, which may take twice that.</summary>
    internal TimeSpan RetryEvery => Expiry / 12;

    internal TimeSpan Settling => ClaimLimit + TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">A lease could end before it is had.</exception>
    internal void Check()
    {
        if (ClaimLimit <= TimeSpan.Zero || Expiry < 4 * Settling)
            throw new ArgumentException(
                $"The expiry of a lease must be at least {4 * Settling}, four times what it takes to get one; it is {Expiry}."
            );
    }
}
