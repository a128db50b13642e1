using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Reporting;

/// <summary>The operator must change something. Carries every problem found; thrown before anything is changed.</summary>
public sealed class InvalidInputException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public InvalidInputException(string problem)
        : this([problem]) { }

    public InvalidInputException(string file, IEnumerable<FarmFileProblem> problems)
        : this(problems.Select(p => $"{file}: {p}").ToList()) { }

    public IReadOnlyList<string> Problems { get; } = problems;
}
