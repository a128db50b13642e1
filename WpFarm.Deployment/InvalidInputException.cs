using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment;

/// <summary>The operator must change something. Carries every problem found; thrown before anything is touched.</summary>
public sealed class InvalidInputException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public InvalidInputException(string problem) : this([problem])
    {
    }

    public InvalidInputException(string file, IEnumerable<FarmFileProblem> problems) : this(problems.Select(p => $"{file}: {p}").ToList())
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>What was begun did not end well: a build failed, a service did not become healthy.</summary>
public sealed class OperationFailedException(string message, Exception? inner = null) : Exception(message, inner);
