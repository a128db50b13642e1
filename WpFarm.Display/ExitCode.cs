namespace WpFarm.Display;

/// <summary>What <c>./farm</c> ends with.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something was tried and did not work.</summary>
    public const int Failed = 1;

    /// <summary>The operator must change something first; nothing was touched.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C: 128 and the number of SIGINT, as shells do.</summary>
    public const int Interrupted = 130;
}
