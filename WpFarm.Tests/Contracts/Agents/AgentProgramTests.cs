using System.Text.RegularExpressions;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Agents.Pools;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Deployment.Instance;

namespace WpFarm.Tests.Contracts.Agents;

/// <summary>
/// The agents' programs, in Perl, Python and PHP, have the routes, arguments, trailers and headers of the contract. Their text is read
/// here; the integration tests run them.
/// </summary>
public sealed partial class AgentProgramTests
{
    private static readonly string s_database = Read("images/mariadb/database-agent");
    private static readonly string s_modules = string.Concat(
        Directory
            .EnumerateFiles(Path.Combine(RepositoryRoot.Find(), "images/mariadb/Agent"), "*.pm")
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllText)
    );
    private static readonly string s_uploads = Read("images/uploads-backup/uploads_backup/orders.py");

    [Fact]
    public void The_database_agent_has_the_routes_of_the_contract() =>
        Equal(SampleOrders.Database.Select(sample => sample.Order.Route.ToString()), Found(PerlRoute(), s_database));

    [Fact]
    public void The_database_agent_reads_the_arguments_of_the_contract() =>
        Equal(
            SampleOrders.Arguments(SampleOrders.Database),
            Found(PerlArgument(), s_modules).Concat(Found(PerlArguments(), s_modules).SelectMany(names => names.Split(' '))).Distinct()
        );

    [Fact]
    public void The_database_agent_announces_the_trailers_of_the_contract() =>
        Equal(
            [Announced<CopyExtent>(), Announced<LogExtent>(), Announced<ExportExtent>()],
            Found(PerlTrailers(), s_modules).Select(names => string.Join(' ', names.Split(' ').Order(StringComparer.Ordinal)))
        );

    [Fact]
    public void The_uploads_agent_has_the_routes_of_the_contract() =>
        Equal(SampleOrders.Uploads.Select(sample => sample.Order.Route.ToString()), Found(PythonRoute(), s_uploads));

    [Fact]
    public void The_uploads_agent_reads_the_arguments_of_the_contract() =>
        Equal(SampleOrders.Arguments(SampleOrders.Uploads), Found(PythonArgument(), s_uploads).Distinct());

    [Fact]
    public void The_uploads_agent_answers_with_the_faults_and_the_status_of_the_contract() =>
        Equal(
            Enum.GetValues<UploadsFault>()
                .Except([UploadsFault.AgentUnreachable])
                .Select(fault => $"{char.ToLowerInvariant(fault.ToString()[0])}{fault.ToString()[1..]} {fault.HttpStatus()}"),
            PythonStatus()
                .Matches(Read("images/uploads-backup/uploads_backup/faults.py"))
                .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")
        );

    /// <summary>
    /// The text of these lines was compared with <see cref="OrderProof"/> by running them over the vectors of <see
    /// cref="OrderProofTests"/>: whoever changes one does that again. Perl and Python are not on every machine that runs the tests.
    /// </summary>
    [Theory]
    [InlineData("images/mariadb/Agent/Http.pm", """hmac_sha256_hex("$order\n" . name() . "\n$time", $_)""")]
    [InlineData("images/mariadb/Agent/Http.pm", """=~ /^Proof (\d+) ([0-9a-f]{64})$/ or return 0;""")]
    [InlineData("images/mariadb/Agent/Http.pm", """abs(time - $time) <= VALID""")]
    [InlineData("images/mariadb/Agent/Http.pm", """use constant VALID => 300;""")]
    [InlineData("images/mariadb/database-agent", """$line = "$method $path" . ($query eq '' ? '' : "?$query")""")]
    [InlineData("images/uploads-backup/uploads_backup/proof.py", """text = f"{line}\n{name}\n{match[1]}".encode()""")]
    [InlineData("images/uploads-backup/uploads_backup/proof.py", """hmac.new(key.encode(), text, hashlib.sha256).hexdigest()""")]
    [InlineData("images/uploads-backup/uploads_backup/proof.py", """r"Proof (\d{1,12}) ([0-9a-f]{64})", authorization)""")]
    [InlineData("images/uploads-backup/uploads_backup/proof.py", """abs(time.time() - int(match[1])) > VALID""")]
    [InlineData("images/uploads-backup/uploads_backup/proof.py", """VALID = 300 """)]
    [InlineData("images/uploads-backup/uploads_backup/agent.py", """is_proven(f"{self.command} {self.path}", self.server.name, """)]
    public void The_agents_check_the_proof_as_the_contract_says(string file, string expression) =>
        Assert.Contains(expression, Read(file), StringComparison.Ordinal);

    [Fact]
    public void A_pool_reads_the_headers_of_the_contract_and_HAProxy_removes_them_from_visitors()
    {
        var forget = Read("images/wordpress/farm/forget.php");

        Assert.Contains($"$_SERVER['{Php(PoolHeaders.Order)}'] ?? '') !== '{PurgeCachesOrder.Order}'", forget, StringComparison.Ordinal);
        Assert.Contains($"$_SERVER['{Php(PoolHeaders.Path)}']", forget, StringComparison.Ordinal);
        Assert.Contains(
            $"http-request del-header {PoolHeaders.Order} if {{ req.hdr(X-Forwarded-For) -m found }}",
            Read("WpFarm.Topology/Layers/ReverseProxy/haproxy.cfg"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"location = {PurgeCachesOrder.Route.Path} {{",
            Read("WpFarm.Topology/Layers/Application/nginx.conf"),
            StringComparison.Ordinal
        );
    }

    private static string Announced<T>()
        where T : class, IStreamExtent<T> => string.Join(' ', T.TrailerNames.Append(AgentTrailers.Failure).Order(StringComparer.Ordinal));

    /// <summary>The name of a header in <c>$_SERVER</c>.</summary>
    private static string Php(string header) => $"HTTP_{header.Replace('-', '_').ToUpperInvariant()}";

    private static void Equal(IEnumerable<string> contract, IEnumerable<string> program) =>
        Assert.Equal(contract.Order(StringComparer.Ordinal), program.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Found(Regex pattern, string text) => pattern.Matches(text).Select(match => match.Groups[1].Value);

    private static string Read(string path) => File.ReadAllText(Path.Combine(RepositoryRoot.Find(), path));

    [GeneratedRegex("^    '([A-Z]+ /[a-z/]+)' =>", RegexOptions.Multiline)]
    private static partial Regex PerlRoute();

    [GeneratedRegex(@"\$argument->\{([a-z]+)\}")]
    private static partial Regex PerlArgument();

    [GeneratedRegex(@"\$argument->\{\$_\} // '' \} qw\(([a-z ]+)\)")]
    private static partial Regex PerlArguments();

    [GeneratedRegex(@"begin_stream\(\$client, qw\(([A-Za-z -]+)\)\)")]
    private static partial Regex PerlTrailers();

    [GeneratedRegex("""^            "([A-Z]+ /[a-z]+)": self\.""", RegexOptions.Multiline)]
    private static partial Regex PythonRoute();

    [GeneratedRegex("""(?:required\(arguments, |arguments\.get\()"([a-z]+)",""")]
    private static partial Regex PythonArgument();

    [GeneratedRegex("""^    "([A-Za-z]+)": ([0-9]+),$""", RegexOptions.Multiline)]
    private static partial Regex PythonStatus();
}
