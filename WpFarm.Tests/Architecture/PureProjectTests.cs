using NetArchTest.Rules;

namespace WpFarm.Tests.Architecture;

/// <summary>
/// The model and the decisions have no input or output, so that tests run them over anything. The build bans clocks: eng/BannedSymbols.txt.
/// </summary>
public sealed class PureProjectTests
{
    private static readonly string[] s_pure = ["WpFarm.Contracts", "WpFarm.Topology", "WpFarm.Scaling"];

    private static readonly string[] s_inputAndOutput =
    [
        "System.Console",
        "System.Diagnostics.Process",
        "System.IO.Directory",
        "System.IO.DirectoryInfo",
        "System.IO.File",
        "System.IO.FileInfo",
        "System.IO.FileStream",
        "System.Net.Http",
        "System.Net.Sockets",
    ];

    [Fact]
    public void The_model_and_the_decisions_have_no_input_or_output() => Assert.Empty(s_pure.SelectMany(TypesWithInputOrOutput));

    [Fact]
    public void The_rule_finds_what_reads_files() => Assert.NotEmpty(TypesWithInputOrOutput("WpFarm.Deployment"));

    private static IEnumerable<string> TypesWithInputOrOutput(string project) =>
        Types
            .InAssembly(Project.All.Single(p => p.Name == project).Assembly)
            .That()
            .HaveDependencyOnAny(s_inputAndOutput)
            .GetTypes()
            .Select(type => type.FullName!);
}
