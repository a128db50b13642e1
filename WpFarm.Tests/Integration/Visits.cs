using System.Collections.Concurrent;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Visits a farm's sites while something happens to it, and records the answers. Reports wrong answers with the balancer's log.
/// </summary>
internal sealed class Visits(SharedFarm farm) : IDisposable
{
    private readonly HttpClient _visitor = farm.Browser();
    private readonly ConcurrentBag<string> _wrong = [];
    private readonly DateTimeOffset _since = TimeProvider.System.GetUtcNow();
    private int _count;

    public int Count => _count;

    /// <summary>Visits the front page, cached or not.</summary>
    public Task VisitAsync(Site site) => AskAsync(site, HttpMethod.Get, "");

    /// <summary>Visits an uncached page.</summary>
    public Task VisitAnewAsync(Site site, HttpMethod? method = null) =>
        AskAsync(site, method ?? HttpMethod.Get, $"?fresh={Guid.NewGuid():N}");

    /// <summary>Asserts that each visit got the right page.</summary>
    public async Task AreAllAnsweredAsync(int atLeast)
    {
        if (!_wrong.IsEmpty)
            Assert.Fail(
                $"{_wrong.Count} of {_count} visits got a wrong answer:\n{string.Join('\n', _wrong.Order(StringComparer.Ordinal))}\n"
                    + $"The balancer's log:\n{await BalancerSaysAsync()}"
            );
        Assert.InRange(_count, atLeast, int.MaxValue);
    }

    public void Dispose() => _visitor.Dispose();

    private async Task AskAsync(Site site, HttpMethod method, string query)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{site.Url}/{query}"));
        var asked = TimeProvider.System.GetUtcNow();
        try
        {
            using var page = await _visitor.SendAsync(request);
            var body = await page.Content.ReadAsStringAsync();
            if (!page.IsSuccessStatusCode || !body.Contains(site.Title, StringComparison.Ordinal))
                IsWrong($"{(int)page.StatusCode} {page.Headers}{body[..Math.Min(body.Length, 300)]}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            IsWrong(e.Message);
        }

        Interlocked.Increment(ref _count);

        void IsWrong(string answer) =>
            _wrong.Add(
                $"{asked:HH:mm:ss.f} {method} {request.RequestUri}, "
                    + $"after {(TimeProvider.System.GetUtcNow() - asked).TotalSeconds:0.0} s: {answer}"
            );
    }

    /// <summary>The balancer's log lines about errors, and about servers that went down or came up.</summary>
    private async Task<string> BalancerSaysAsync()
    {
        var said = await SharedFarm.DockerAsync(
            "logs",
            "--timestamps",
            "--since",
            $"{_since:O}",
            (await farm.ContainersAsync("haproxy"))[0]
        );
        return string.Join(
            '\n',
            said.Split('\n')
                .Where(line =>
                    line.Contains("\"status\": 5", StringComparison.Ordinal) || line.Contains("Server ", StringComparison.Ordinal)
                )
        );
    }
}
