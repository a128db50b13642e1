namespace WpFarm.Tests.Architecture;

/// <summary>Which project may use which. A project that is not named here has no place in the design yet.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["WpFarm.Contracts"] = [],
        ["WpFarm.ServiceDefaults"] = [],
        ["WpFarm.Topology"] = ["WpFarm.Contracts"],
        ["WpFarm.Scaling"] = ["WpFarm.Topology"],
        ["WpFarm.Backups"] = ["WpFarm.Contracts"],
        ["WpFarm.Deployment"] = ["WpFarm.Backups", "WpFarm.Contracts", "WpFarm.Topology"],
        ["WpFarm.Chaos"] = ["WpFarm.Deployment"],
        ["WpFarm.Display"] = ["WpFarm.Deployment"],
        ["WpFarm.Cli"] = ["WpFarm.Chaos", "WpFarm.Deployment", "WpFarm.Display", "WpFarm.Scaling"],
        ["WpFarm.AppHost"] = ["WpFarm.Deployment", "WpFarm.Display"],
        ["WpFarm.Orchestrator"] = ["WpFarm.Backups", "WpFarm.Contracts", "WpFarm.Scaling", "WpFarm.ServiceDefaults", "WpFarm.Topology"],
    };

    [Fact]
    public void A_project_references_only_what_it_may() =>
        Assert.Empty(
            Project.All.SelectMany(project =>
                project.References.Except(s_allowed.GetValueOrDefault(project.Name, [])).Select(other => $"{project.Name} -> {other}")
            )
        );

    [Fact]
    public void Every_project_has_its_place() => Assert.Equal(s_allowed.Keys.Order(), Project.All.Select(project => project.Name).Order());
}
