using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WpFarm.Orchestrator.Engine;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

/// <summary>An engine with the containers of one pool, which can be inspected, started and drained as with the real one.</summary>
internal sealed partial class FakePoolEngine : HttpMessageHandler
{
    public const string Pool = "pool-silver";

    private readonly SortedDictionary<string, (string State, string Health)> _containers = new(StringComparer.Ordinal);

    public FakePoolEngine(int running, int spares)
    {
        for (var number = 1; number <= running + spares; number++)
            _containers[Name(number)] = number <= running ? ("running", "healthy") : ("created", "none");
    }

    public List<string> Orders { get; } = [];

    public bool IsDown { get; set; }

    /// <summary>Containers that the engine refuses to start.</summary>
    public HashSet<int> Refused { get; } = [];

    /// <summary>Containers that start and never become healthy.</summary>
    public HashSet<int> Sick { get; } = [];

    public ContainerEngine Client =>
        new(
            new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://engine-proxy:2375") },
            Options.Create(TestSettings.Engine with { Project = "wpfarm-test" }),
            NullLogger<ContainerEngine>.Instance
        );

    public IEnumerable<int> Running => Enumerable.Range(1, _containers.Count).Where(number => _containers[Name(number)].State == "running");

    /// <summary>Started containers become healthy, and draining ones end.</summary>
    public void Settle()
    {
        foreach (var (name, (state, health)) in _containers.ToList())
            _containers[name] =
                health == "draining" ? ("exited", "none")
                : health == "starting" && !Sick.Contains(Number(name)) ? ("running", "healthy")
                : (state, health);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsDown
            ? throw new HttpRequestException("Connection refused (engine-proxy:2375)")
            : Task.FromResult(Answer(request.Method, request.RequestUri!.PathAndQuery));

    private HttpResponseMessage Answer(HttpMethod method, string path)
    {
        if (method == HttpMethod.Get && path.StartsWith("/containers/json?all=1&filters=", StringComparison.Ordinal))
            return Json($"[{string.Join(',', _containers.Keys.Select(Entry))}]");
        if (method == HttpMethod.Get && Inspect().Match(path) is { Success: true } inspected)
            return Json(Details(inspected.Groups[1].Value));
        if (method == HttpMethod.Post && Order().Match(path) is { Success: true } order)
            return Act(order.Groups[1].Value, order.Groups[2].Value);
        return new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("engine-proxy: not allowed\n") };
    }

    private HttpResponseMessage Act(string name, string order)
    {
        Orders.Add($"{(order == "start" ? "start" : "drain")} {Number(name)}");
        if (order == "start" && Refused.Contains(Number(name)))
            return new HttpResponseMessage(HttpStatusCode.InternalServerError)
            {
                Content = new StringContent("""{"message":"no space left on device"}"""),
            };
        if (order != "start" && _containers[name].State != "running")
            return new HttpResponseMessage(HttpStatusCode.Conflict);
        _containers[name] = ("running", order == "start" ? "starting" : "draining");
        return new HttpResponseMessage(HttpStatusCode.NoContent);
    }

    private static string Entry(string name) =>
        $$$"""
            {"Id":"{{{name}}}","Names":["/{{{name}}}"],"Image":"wordpress",
              "Labels":{"com.docker.compose.service":"{{{Pool}}}","com.docker.compose.container-number":"{{{Number(name)}}}"} }
            """;

    /// <summary>The engine reports a draining container as healthy until its check has failed three times.</summary>
    private string Details(string name) =>
        $$$"""
            {"Config":{},"State":{"Status":"{{{_containers[name].State}}}","ExitCode":0,
              "Health":{"Status":"{{{(
                _containers[name].Health == "draining" ? "healthy" : _containers[name].Health
            )}}}"} },"RestartCount":0}
            """;

    private static HttpResponseMessage Json(string json) => new() { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static string Name(int number) => $"wpfarm-test-{Pool}-{number}";

    private static int Number(string name) => int.Parse(name.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("^/containers/([a-z0-9-]+)/json$")]
    private static partial Regex Inspect();

    [GeneratedRegex(@"^/containers/([a-z0-9-]+)/(start|kill\?signal=SIGTERM)$")]
    private static partial Regex Order();
}
