using System.Diagnostics.Metrics;
using System.Formats.Tar;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Certificates;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Certificates;

public sealed class CertificateKeeperTests : IDisposable
{
    private const string Shop = "shop.example.com";

    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly string _key = Path.GetTempFileName();
    private readonly Table _table = new();
    private readonly Edge _edge = new();
    private readonly Authority _authority;
    private readonly CertificateState _state = new();

    public CertificateKeeperTests()
    {
        _authority = new(_time);
        File.WriteAllText(_key, "the key of this farm\n");
    }

    public void Dispose()
    {
        _services.Dispose();
        File.Delete(_key);
    }

    [Fact]
    public async Task Each_host_gets_a_certificate_of_the_farms_own_authority()
    {
        using var keeper = Keeper(local: true);

        await keeper.TickAsync(default);

        Assert.Equal(["www.shop.example.com", Shop], _state.Hosts.Select(host => host.Host));
        Assert.All(_state.Hosts, host => Assert.Equal((CertificateCondition.Valid, true), (host.Condition, host.Served)));
        Assert.Equal(["shop.example.com.pem", "www.shop.example.com.pem"], await FilesAsync());
    }

    [Fact]
    public async Task Another_process_finds_the_same_certificates()
    {
        using (var first = Keeper(local: true))
            await first.TickAsync(default);
        var before = _state.Bundle!.Tag;

        using var second = Keeper(local: true);
        await second.TickAsync(default);

        Assert.Equal(before, _state.Bundle.Tag);
    }

    [Fact]
    public async Task A_certificate_is_renewed_when_a_third_of_its_lifetime_is_left()
    {
        using var keeper = Keeper(local: true);
        await keeper.TickAsync(default);
        var first = _state.Bundle!.Tag;

        _time.Advance(TimeSpan.FromDays(56));
        await keeper.TickAsync(default);
        Assert.Equal(first, _state.Bundle.Tag);

        _time.Advance(TimeSpan.FromDays(4));
        await keeper.TickAsync(default);
        Assert.NotEqual(first, _state.Bundle.Tag);
        Assert.All(_state.Hosts, host => Assert.True(host.NotAfter > _time.GetUtcNow().AddDays(89)));
    }

    [Fact]
    public async Task With_no_database_the_edges_keep_what_they_have()
    {
        using var keeper = Keeper(local: true);
        _table.IsGone = true;

        await Assert.ThrowsAsync<TimeoutException>(() => keeper.TickAsync(default));

        Assert.Null(_state.Bundle);
    }

    [Fact]
    public async Task The_edges_that_do_not_serve_a_certificate_are_seen()
    {
        _edge.Serves = false;
        using var keeper = Keeper(local: true);

        await keeper.TickAsync(default);

        Assert.All(_state.Hosts, host => Assert.Equal((CertificateCondition.Valid, false), (host.Condition, host.Served)));
    }

    [Fact]
    public async Task An_authority_is_asked_for_one_host_at_a_time_and_with_the_account_of_before()
    {
        using var keeper = Keeper(local: false);

        await UntilAsync(keeper, AreAllValid);

        Assert.Equal([null, "account 1"], _authority.Accounts);
    }

    [Fact]
    public async Task A_host_that_leads_elsewhere_is_never_asked_for_and_is_looked_at_again_after_a_minute()
    {
        _authority.Elsewhere = "it leads elsewhere";
        using var keeper = Keeper(local: false);

        await UntilAsync(keeper, () => HaveAll("it leads elsewhere"));
        Assert.Empty(_authority.Accounts);

        _authority.Elsewhere = null;
        await keeper.TickAsync(default);
        Assert.Empty(_authority.Accounts);
        _time.Advance(TimeSpan.FromMinutes(1));
        await UntilAsync(keeper, AreAllValid);
        Assert.All(_state.Hosts, host => Assert.Null(host.Problem));
    }

    [Fact]
    public async Task After_a_failure_the_authority_is_asked_less_and_less_often_also_by_the_next_process()
    {
        _authority.Refusal = new AcmeException("not now");
        using (var first = Keeper(local: false))
            await UntilAsync(first, () => HaveAll("not now"));
        Assert.Equal(2, _authority.Accounts.Count);

        using var second = Keeper(local: false);
        for (var minute = 0; minute < 60; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await UntilIdleAsync(second);
        }

        // Each host after 5, 15 and 30 minutes: fewer than the five validations in an hour that Let's Encrypt allows.
        Assert.Equal(8, _authority.Accounts.Count);
    }

    [Fact]
    public async Task An_authority_that_limits_the_farm_is_not_asked_for_any_host_for_six_hours()
    {
        _authority.Refusal = new AcmeException("too many", rateLimited: true);
        using var keeper = Keeper(local: false);
        await UntilAsync(keeper, () => _state.Hosts.Any(host => host.Problem == "too many"));

        _time.Advance(TimeSpan.FromHours(5));
        await UntilIdleAsync(keeper);
        Assert.Single(_authority.Accounts);

        _authority.Refusal = null;
        _time.Advance(TimeSpan.FromHours(1));
        await UntilAsync(keeper, AreAllValid);
    }

    [Fact]
    public async Task An_order_that_ends_in_a_way_that_nobody_expected_is_made_again()
    {
        using var keeper = Keeper(local: false);
        _authority.Ordered = () => throw new InvalidOperationException("no lego here");
        await keeper.TickAsync(default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => keeper.TickAsync(default));

        await UntilAsync(keeper, AreAllValid);
    }

    [Fact]
    public async Task A_certificate_survives_that_no_database_took_it_at_first()
    {
        using var keeper = Keeper(local: false);
        _authority.Ordered = () => _table.IsGone = true;
        await keeper.TickAsync(default);
        _table.IsGone = false;

        _time.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(keeper, () => _state.Hosts.Any(host => host.Condition is CertificateCondition.Valid));

        Assert.Equal(_authority.Hosts.Distinct(), _authority.Hosts);
    }

    private CertificateKeeper Keeper(bool local)
    {
        var options = Options.Create(
            new CertificateSettings
            {
                KeyFile = _key,
                Edge = new("https://haproxy:8443"),
                Local = local,
                Acme = local ? null : new() { Directory = new("https://acme.example.org/directory"), Email = "ops@example.com" },
            }
        );
        var farm = Farm.Build(
            new FarmOptions { Sites = new Dictionary<string, SiteOptions> { ["shop"] = new() { Hosts = ["www.shop.example.com", Shop] } } }
        );
        return new(
            farm,
            new CertificateStore(_table, options, _time, NullLogger<CertificateStore>.Instance),
            _state,
            _edge,
            _authority,
            new CertificateMetrics(_services.GetRequiredService<IMeterFactory>(), _state, _time),
            options,
            _time,
            NullLogger<CertificateKeeper>.Instance
        );
    }

    private bool AreAllValid() => _state.Hosts is { Count: 2 } hosts && hosts.All(host => host.Condition is CertificateCondition.Valid);

    private bool HaveAll(string problem) => _state.Hosts is { Count: 2 } hosts && hosts.All(host => host.Problem == problem);

    /// <summary>The fakes answer at once, so that a few looks are enough.</summary>
    private static async Task UntilAsync(CertificateKeeper keeper, Func<bool> condition)
    {
        for (var look = 0; look < 10 && !condition(); look++)
            await keeper.TickAsync(default);
        Assert.True(condition());
    }

    private static async Task UntilIdleAsync(CertificateKeeper keeper)
    {
        for (var look = 0; look < 3; look++)
            await keeper.TickAsync(default);
    }

    private async Task<List<string>> FilesAsync()
    {
        var names = new List<string>();
        using var archive = new MemoryStream(_state.Bundle!.Archive);
        await using var tar = new TarReader(archive);
        while (await tar.GetNextEntryAsync() is { } entry)
            names.Add(entry.Name);
        return names;
    }

    private sealed class Table : ICertificateTable
    {
        private readonly Dictionary<string, string> _rows = [];

        public bool IsGone { get; set; }

        public Task<IReadOnlyList<CertificateRow>> ReadAsync(CancellationToken cancel) =>
            AnswerAsync<IReadOnlyList<CertificateRow>>(() => [.. _rows.Select(row => new CertificateRow(row.Key, row.Value))]);

        public Task WriteAsync(CertificateRow row, CancellationToken cancel) => AnswerAsync(() => _rows[row.Name] = row.Sealed);

        public Task DeleteAsync(string name, CancellationToken cancel) => AnswerAsync(() => _rows.Remove(name));

        private Task<T> AnswerAsync<T>(Func<T> answer) =>
            IsGone ? Task.FromException<T>(new TimeoutException("no database server takes writes")) : Task.FromResult(answer());
    }

    private sealed class Edge : IServedCertificates
    {
        public bool Serves { get; set; } = true;

        public Task<bool> IsServedAsync(string host, string fingerprint, CancellationToken cancel) => Task.FromResult(Serves);
    }

    /// <summary>Issues what it is asked for, unless a test says otherwise.</summary>
    private sealed class Authority(TimeProvider time) : IAcmeClient
    {
        private readonly string _root = LocalAuthority.Create("Fake authority", time.GetUtcNow());

        public List<string?> Accounts { get; } = [];

        public List<string> Hosts { get; } = [];

        public string? Elsewhere { get; set; }

        public AcmeException? Refusal { get; set; }

        public Action? Ordered { get; set; }

        public Task<AcmeOrder> OrderAsync(string host, string? account, CancellationToken cancel)
        {
            Accounts.Add(account);
            Hosts.Add(host);
            var ordered = Ordered;
            Ordered = null;
            ordered?.Invoke();
            return Refusal is { } refusal
                ? Task.FromException<AcmeOrder>(refusal)
                : Task.FromResult(new AcmeOrder(LocalAuthority.Issue(_root, host, time.GetUtcNow()), $"account {Accounts.Count}"));
        }

        public Task<string?> ProblemOfAsync(string host, CancellationToken cancel) => Task.FromResult(Elsewhere);
    }
}
