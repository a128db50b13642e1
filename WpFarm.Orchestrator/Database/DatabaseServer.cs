namespace WpFarm.Orchestrator.Database;

/// <summary>A MariaDB server of the farm.</summary>
/// <param name="Name">Its host name.</param>
internal sealed record DatabaseServer(string Name, ServerRole Role)
{
    /// <summary>Name of the channel by which other servers follow this one: <c>p1</c> for <c>mariadb-p1</c>.</summary>
    public string Channel => Name[(Name.LastIndexOf('-') + 1)..];

    public bool IsPrimary => Role is ServerRole.Primary;

    public override string ToString() => Name;
}
