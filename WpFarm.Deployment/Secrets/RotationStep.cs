namespace WpFarm.Deployment.Secrets;

/// <summary>One thing to do for a rotation. Each can be done again.</summary>
/// <param name="What">In words, for people.</param>
public abstract record RotationStep(string What)
{
    /// <summary>Makes the next values, and puts them by.</summary>
    internal sealed record Begin(IReadOnlyList<string> Secrets) : RotationStep($"make the next value of {string.Join(", ", Secrets)}");

    internal sealed record Offer(IReadOnlyList<string> Secrets) : RotationStep($"add the next value to the {Files(Secrets)}");

    internal sealed record Turn(IReadOnlyList<string> Secrets)
        : RotationStep($"use the next value in the {Files(Secrets)}; the one before is accepted still");

    internal sealed record Settle(IReadOnlyList<string> Secrets) : RotationStep($"leave the next value alone in the {Files(Secrets)}");

    internal sealed record End(IReadOnlyList<string> Secrets)
        : RotationStep($"note that {Secrets.Count} {(Secrets.Count == 1 ? "secret is" : "secrets are")} done");

    /// <summary>The farm's own users.</summary>
    internal sealed record AcceptOnServers(IReadOnlyList<string> Servers)
        : RotationStep($"let {string.Join(", ", Servers)} accept what the files say");

    /// <summary>The sites' users.</summary>
    /// <param name="Job">Makes them as the file says.</param>
    internal sealed record AcceptForSites(string Job)
        : RotationStep($"let the sites' users have the passwords that the file says ({Job}), on every server");

    internal sealed record RenewChannels() : RotationStep("give every replication channel the next password");

    internal sealed record Restart(string Service) : RotationStep($"start {Service} anew");

    internal sealed record LetLoginsEnd(TimeSpan Longest) : RotationStep($"wait {Longest.TotalSeconds:0} s for logins that have begun");

    private static string Files(IReadOnlyList<string> secrets) =>
        secrets.Count == 1 ? $"file of {secrets[0]}" : $"files of the {secrets.Count} secrets";
}
