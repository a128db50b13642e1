namespace WpFarm.Display;

/// <summary>Exit codes of <c>./farm</c>.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>An operation was tried and failed.</summary>
    public const int Failed = 1;

    /// <summary>The operator must change something first; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C: 128 plus the number of SIGINT, as in shells.</summary>
    public const int Interrupted = 130;
}
