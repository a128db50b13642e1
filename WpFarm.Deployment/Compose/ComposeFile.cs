namespace WpFarm.Deployment.Compose;

// The part of the Compose specification that a farm uses, with the names of the specification; YamlDotNet writes snake_case. A swarm's
// stack file is the older format of the same file: a property that only one of the formats has is null in the other.
// https://github.com/compose-spec/compose-spec/blob/main/spec.md
// https://github.com/docker/cli/blob/master/cli/compose/schema/data/config_schema_v3.13.json

internal sealed record ComposeFile
{
    /// <summary>Required by stacks, ignored by Compose.</summary>
    public string? Version { get; init; }
    public string? Name { get; init; }
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
    public IReadOnlyList<string>? Entrypoint { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public string? User { get; init; }
    public bool ReadOnly { get; init; }
    public required IReadOnlyList<string> CapDrop { get; init; }
    public IReadOnlyList<string>? CapAdd { get; init; }
    public IReadOnlyList<string>? SecurityOpt { get; init; }
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }
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
    public string? Restart { get; init; }
    public required ComposeLogging Logging { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record ComposeGrant(string Source, string Target)
{
    public int? Mode { get; init; }
}

internal sealed record ComposeMount(string Type, string? Source, string Target)
{
    public bool ReadOnly { get; init; }
    public ComposeTmpfs? Tmpfs { get; init; }
}

internal sealed record ComposeTmpfs(long Size);

internal sealed record ComposeAttachment
{
    public IReadOnlyList<string>? Aliases { get; init; }
}

/// <param name="Published">A number; for Compose also a range or a variable, as text.</param>
internal sealed record ComposePort(int Target, object Published)
{
    public string? Mode { get; init; }
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

internal sealed record ComposeDeploy(ComposeResources Resources)
{
    public int? Replicas { get; init; }
    public string? Mode { get; init; }
    public string? EndpointMode { get; init; }
    public ComposePlacement? Placement { get; init; }
    public ComposeUpdate? UpdateConfig { get; init; }
    public ComposeUpdate? RollbackConfig { get; init; }
    public ComposeRestart? RestartPolicy { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

internal sealed record ComposePlacement
{
    public IReadOnlyList<string>? Constraints { get; init; }
    public IReadOnlyList<ComposeSpread>? Preferences { get; init; }
    public int MaxReplicasPerNode { get; init; }
}

internal sealed record ComposeSpread(string Spread);

internal sealed record ComposeUpdate
{
    public required int Parallelism { get; init; }
    public string? Delay { get; init; }
    public required string Order { get; init; }
    public string? Monitor { get; init; }
    public required string FailureAction { get; init; }
}

internal sealed record ComposeRestart(string Condition, string Delay);

internal sealed record ComposeResources(ComposeLimits Limits, ComposeReservations Reservations);

internal sealed record ComposeLimits(string Cpus, string Memory, int Pids);

internal sealed record ComposeReservations(string Memory);

internal sealed record ComposeLogging(string Driver, IReadOnlyDictionary<string, string> Options);

internal sealed record ComposeNetwork
{
    public string? Name { get; init; }
    public bool External { get; init; }
    public string? Driver { get; init; }
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
    public bool Internal { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

internal sealed record ComposeVolume
{
    public string? Driver { get; init; }
    public IReadOnlyDictionary<string, string>? DriverOpts { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

internal sealed record ComposeSource
{
    public string? Name { get; init; }
    public string? File { get; init; }
    public bool External { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
