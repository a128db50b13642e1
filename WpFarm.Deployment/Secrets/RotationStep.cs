namespace WpFarm.Deployment.Secrets;

/// <summary>One step of a rotation. Each step can be repeated.</summary>
/// <param name="What">What the step does, as an English verb phrase for the operator.</param>
public abstract record RotationStep(string What)
{
    /// <summary>Generates the next values and stores them beside the secrets.</summary>
    internal sealed record GenerateNext(IReadOnlyList<string> Secrets)
        : RotationStep($"generate the next value of {string.Join(", ", Secrets)}");

    internal sealed record AddNext(IReadOnlyList<string> Secrets) : RotationStep($"add the next value to the {Files(Secrets)}");

    internal sealed record UseNext(IReadOnlyList<string> Secrets)
        : RotationStep($"use the next value in the {Files(Secrets)}; the previous one is still accepted");

    internal sealed record DropPrevious(IReadOnlyList<string> Secrets) : RotationStep($"keep only the next value in the {Files(Secrets)}");

    internal sealed record RecordDone(IReadOnlyList<string> Secrets)
        : RotationStep($"record that {Secrets.Count} {(Secrets.Count == 1 ? "secret is" : "secrets are")} done");

    /// <summary>Makes servers accept the passwords of the farm's own users.</summary>
    internal sealed record AcceptOnServers(IReadOnlyList<string> Servers)
        : RotationStep($"let {string.Join(", ", Servers)} accept the passwords in the files");

    /// <summary>Sets the passwords of the sites' users.</summary>
    /// <param name="Job">The job that sets the passwords in the file.</param>
    internal sealed record AcceptForSites(string Job) : RotationStep($"set the passwords of the sites' users on every server ({Job})");

    internal sealed record RenewChannels() : RotationStep("give every replication channel the next password");

    internal sealed record Restart(string Service) : RotationStep($"restart {Service}");

    internal sealed record WaitForLogins(TimeSpan Longest) : RotationStep($"wait {Longest.TotalSeconds:0} s for logins in progress");

    private static string Files(IReadOnlyList<string> secrets) =>
        secrets.Count == 1 ? $"file of {secrets[0]}" : $"files of the {secrets.Count} secrets";
}
