namespace WpFarm.Scaling.Simulation;

/// <summary>Erlang's C formula: the queue of M/M/c. Gross, Shortle, Thompson and Harris, "Fundamentals of Queueing Theory", 2.3.</summary>
internal static class ErlangC
{
    /// <summary>Fraction of arrivals that must wait, 0 to 1.</summary>
    /// <param name="servers">1 and up.</param>
    /// <param name="load">Arrival rate × service time, in erlangs; less than <paramref name="servers"/>.</param>
    public static double Waits(int servers, double load)
    {
        // Erlang's B by its recursion, which does not overflow as factorials do; then C = B ÷ (1 − ρ(1 − B)).
        var blocked = 1.0;
        for (var server = 1; server <= servers; server++)
            blocked = load * blocked / (server + (load * blocked));
        return blocked / (1 - (load / servers * (1 - blocked)));
    }
}
