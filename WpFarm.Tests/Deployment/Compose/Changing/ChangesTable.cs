using System.Text;
using WpFarm.Deployment.Compose.Changing;
using WpFarm.Tests.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Compose.Changing;

/// <summary>The table of docs/changes.md: for each key of farm.json, what <c>./farm up</c> does to a running farm.</summary>
internal static class ChangesTable
{
    /// <summary>The Orchestrator, whose copy of farm.json changes with every key.</summary>
    private const string Always = "orchestrator";

    public static string Write()
    {
        var table = new StringBuilder(
            "| key | reads its files again | a new container first | in turn | replaced | other |\n|---|---|---|---|---|---|\n"
        );
        foreach (var key in FarmKey.All.Select(key => key.Path).Except(KeyCases.Checked.Keys))
        {
            var plan = ChangePlanTests
                .Plan(key)
                .Where(change => change.Service != Always)
                .ToLookup(change => change.Action, change => change.Service);
            table.Append(
                $"| `{key}` | {Names(plan[ServiceAction.Reload])} | {Names(plan[ServiceAction.StartFirst])} | "
                    + $"{Names(plan[ServiceAction.InTurn])} | {Names(plan[ServiceAction.Replace])} | {Other(plan)} |\n"
            );
        }

        return table.ToString();
    }

    private static string Other(ILookup<ServiceAction, string> plan) =>
        string.Join(
            "; ",
            new[]
            {
                Words("starts", plan[ServiceAction.Start]),
                Words("removed", plan[ServiceAction.Remove]),
                Words("runs again", plan[ServiceAction.RunAgain]),
                Words("**edge replaced**", plan[ServiceAction.ReplaceEdge]),
            }.Where(words => words.Length > 0)
        );

    private static string Words(string what, IEnumerable<string> services) => services.Any() ? $"{what}: {Names(services)}" : "";

    /// <summary>Merges names that differ only in their end: <c>redis-*</c>.</summary>
    private static string Names(IEnumerable<string> services) =>
        string.Join(
            ", ",
            services
                .GroupBy(name =>
                    name.StartsWith("redis-", StringComparison.Ordinal) || name.StartsWith("mariadb-", StringComparison.Ordinal)
                        ? name[..(name.IndexOf('-', StringComparison.Ordinal) + 1)]
                        : name
                )
                .Select(group => group.Count() > 1 ? $"{group.Key}*" : group.Single())
        );
}
