namespace WpFarm.Orchestrator.Certificates;

/// <summary>A certificate in the farm's database, and who brought it.</summary>
internal sealed record HeldCertificate(SiteCertificate Certificate, CertificateSource Source);

/// <summary>The last time that an authority was asked for a host's certificate, and did not issue it.</summary>
/// <param name="Failures">How many times in a row. 1 or more.</param>
/// <param name="Problem">Why, for the operator.</param>
internal sealed record FailedIssue(int Failures, DateTimeOffset At, string Problem)
{
    /// <summary>
    /// Let's Encrypt allows five failed validations of a host in an hour (letsencrypt.org/docs/rate-limits): the first five tries take
    /// longer than that.
    /// </summary>
    private static readonly int[] s_pauseMinutes = [5, 15, 30, 60, 120, 240, 360];

    /// <summary>True: the authority refuses further orders for a while, of this host and of others.</summary>
    public bool RateLimited { get; init; }

    public DateTimeOffset NextTry =>
        At + TimeSpan.FromMinutes(RateLimited ? s_pauseMinutes[^1] : s_pauseMinutes[Math.Clamp(Failures, 1, s_pauseMinutes.Length) - 1]);
}
