using System.Text.RegularExpressions;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Runs the SQL of the runbooks on a real server.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed partial class RunbookTests(SharedFarm farm)
{
    private const string Schema = "wp_runbook";

    [Fact]
    public async Task Every_statement_about_large_tables_does_what_the_runbook_says()
    {
        var server = (await farm.ContainersAsync(await farm.WriterAsync()))[0];
        var runbook = await File.ReadAllTextAsync(
            Path.Combine(RepositoryRoot.Find(), "docs/operations/runbooks/partitioning-and-indexes.md")
        );
        try
        {
            await SharedFarm.DockerAsync(["exec", server, "mariadb", "--execute", Tables()]);

            foreach (Match block in Blocks().Matches(runbook))
                await RunAsync(server, block.Groups["sql"].Value, refused: block.Groups["refused"].Success);
        }
        finally
        {
            await SharedFarm.DockerAsync(["exec", server, "mariadb", "--execute", $"DROP DATABASE IF EXISTS {Schema}"]);
        }
    }

    /// <summary>Tables of WordPress, and of a plugin that is not installed.</summary>
    private string Tables() =>
        $"DROP DATABASE IF EXISTS {Schema}; CREATE DATABASE {Schema};"
        + string.Concat(
            new[] { "posts", "postmeta", "options", "comments" }.Select(table =>
                $"CREATE TABLE {Schema}.wp_{table} LIKE {farm.Blog.Database}.wp_{table};"
            )
        )
        + $"CREATE TABLE {Schema}.wp_actionscheduler_logs "
        + "(log_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, log_date_gmt DATETIME NOT NULL)";

    private static async Task RunAsync(string server, string sql, bool refused)
    {
        // Runs each refused statement by itself: the first failure would hide the others.
        foreach (var part in refused ? sql.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [sql])
        {
            var (exitCode, output) = await SharedFarm.RunAsync("docker", ["exec", server, "mariadb", Schema, "--execute", part]);
            Assert.True(exitCode == 0 != refused, $"{part}\n{output}");
        }
    }

    [GeneratedRegex("^```sql(?<refused> refused)?\n(?<sql>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Blocks();
}
