namespace WpFarm.Deployment.Compose;

// The part of the Compose specification that a farm uses, named as there; YamlDotNet writes snake_case.
// https://github.com/compose-spec/compose-spec/blob/main/spec.md

internal sealed record ComposeFile
{
    public required string Name { get; init; }
    public required IReadOnlyDictionary<string, ComposeService> Services { get; init; }
    public required IReadOnlyDictionary<string, ComposeNetwork> Networks { get; init; }
    public required IReadOnlyDictionary<string, ComposeVolume> Volumes { get; init; }
    public required IReadOnlyDictionary<string, ComposeSource> Configs { get; init; }
    public required IReadOnlyDictionary<string, ComposeSource> Secrets { get; init; }
}

internal sealed record ComposeService
{
    public required string Image { get; init; }
    public string? PullPolicy { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public string? User { get; init; }
    public bool ReadOnly { get; init; }
    public required IReadOnlyList<string> CapDrop { get; init; }
    public IReadOnlyList<string>? CapAdd { get; init; }
    public required IReadOnlyList<string> SecurityOpt { get; init; }
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
    public IReadOnlyList<ComposeGrant>? Configs { get; init; }
    public IReadOnlyList<ComposeGrant>? Secrets { get; init; }
    public IReadOnlyList<ComposeMount>? Volumes { get; init; }
    public IReadOnlyList<string>? Tmpfs { get; init; }
    public required IReadOnlyDictionary<string, ComposeAttachment> Networks { get; init; }
    public IReadOnlyList<ComposePort>? Ports { get; init; }
    public ComposeHealthcheck? Healthcheck { get; init; }
    public IReadOnlyDictionary<string, ComposeDependency>? DependsOn { get; init; }
    public required ComposeDeploy Deploy { get; init; }
    public required string StopGracePeriod { get; init; }
    public required string Restart { get; init; }
    public required ComposeLogging Logging { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record ComposeGrant(string Source, string Target);

internal sealed record ComposeMount(string Type, string Source, string Target)
{
    public bool ReadOnly { get; init; }
}

internal sealed record ComposeAttachment
{
    public IReadOnlyList<string>? Aliases { get; init; }
}

internal sealed record ComposePort(int Target, string Published)
{
    public string? HostIp { get; init; }
    public string Protocol { get; init; } = "tcp";
}

internal sealed record ComposeHealthcheck
{
    public required IReadOnlyList<string> Test { get; init; }
    public required string Interval { get; init; }
    public required string Timeout { get; init; }
    public required int Retries { get; init; }
    public required string StartPeriod { get; init; }
}

internal sealed record ComposeDependency(string Condition);

internal sealed record ComposeDeploy(int Replicas, ComposeResources Resources);

internal sealed record ComposeResources(ComposeLimits Limits, ComposeReservations Reservations);

internal sealed record ComposeLimits(string Cpus, string Memory, int Pids);

internal sealed record ComposeReservations(string Memory);

internal sealed record ComposeLogging(string Driver, IReadOnlyDictionary<string, string> Options);

internal sealed record ComposeNetwork
{
    public bool Internal { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record ComposeVolume
{
    public string? Driver { get; init; }
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record ComposeSource(string File);
