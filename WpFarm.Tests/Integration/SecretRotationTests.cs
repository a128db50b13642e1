using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using MySqlConnector;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary><c>./farm secrets rotate</c> while pages are requested and rows are written, each with a new connection.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class SecretRotationTests(SharedFarm farm)
{
    private static readonly (string User, string Secret)[] s_users =
    [
        ("replication", Secret.Replication),
        ("orchestrator", Secret.Orchestrator),
        ("sites_admin", Secret.SitesAdmin),
        ("monitor", Secret.Monitor),
    ];

    private readonly ComposeContainers _containers = new(farm.Instance);

    [Fact]
    public async Task Every_secret_that_rotates_gets_another_value_and_no_page_fails_no_write_is_lost_and_the_old_passwords_are_refused()
    {
        var before = Values();
        var (statuses, written) = (new ConcurrentBag<HttpStatusCode>(), new ConcurrentBag<int>());
        var proxy = await AddressAsync("db-proxy");
        await SqlAsync(
            proxy,
            farm.Blog.Database,
            SitePassword(before[Secret.SitesKey]),
            "CREATE OR REPLACE TABLE rotation_writes (number INT PRIMARY KEY)"
        );
        using var visitor = farm.Browser();
        // A refused write throws.
        await using var load = new SteadyLoad(_ => VisitAsync(farm.Blog), _ => VisitAsync(farm.Shop), WriteAsync);
        await SharedFarm.EventuallyAsync("the load runs", () => Task.FromResult(statuses.Count > 20 && written.Count > 20));

        await SharedFarm.SucceedsAsync(SharedFarm.RunFarmAsync(farm.RotationArguments()));

        var (pages, rows) = (statuses.Count, written.Count);
        await SharedFarm.EventuallyAsync("the load goes on", () =>
            Task.FromResult(statuses.Count > pages + 20 && written.Count > rows + 20)
        );
        await load.StopAsync();
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));

        var after = Values();
        Assert.All(farm.Farm.Secrets, secret => Assert.Equal(secret.Rotation is Rotation.Never, before[secret.Name] == after[secret.Name]));
        Assert.All(after.Values, value => Assert.Matches("^[0-9a-f]{64}$", value));

        foreach (var server in Servers())
        {
            await SharedFarm.EventuallyAsync($"every answered row is on {server}", async () =>
            {
                var there = (
                    await _containers.SqlAsync(
                        server,
                        $"SELECT number FROM {farm.Blog.Database}.rotation_writes",
                        TimeSpan.FromSeconds(10),
                        CancellationToken.None
                    )
                )!
                    .Split('\n')
                    .ToHashSet();
                return written.All(number => there.Contains($"{number}"));
            });
            foreach (var (user, secret) in s_users)
            {
                Assert.Equal(MySqlErrorCode.AccessDenied, await RefusalAsync(server, user, before[secret]));
                Assert.Null(await RefusalAsync(server, user, after[secret]));
            }

            Assert.Equal(
                MySqlErrorCode.AccessDenied,
                await RefusalAsync(server, farm.Blog.Database, SitePassword(before[Secret.SitesKey]))
            );
            Assert.Null(await RefusalAsync(server, farm.Blog.Database, SitePassword(after[Secret.SitesKey])));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await ApiAsync(before[Secret.ApiToken]));
        Assert.Equal(HttpStatusCode.OK, await ApiAsync(after[Secret.ApiToken]));
        await SqlAsync(proxy, farm.Blog.Database, SitePassword(after[Secret.SitesKey]), "DROP TABLE rotation_writes");
        var (exitCode, output) = await farm.StatusAsync();
        Assert.True(exitCode == 0, output);
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now"));

        async Task VisitAsync(Site site)
        {
            using var answer = await visitor.GetAsync(new Uri($"{site.Url}/?load={Guid.NewGuid():N}"));
            statuses.Add(answer.StatusCode);
        }

        async Task WriteAsync(int number)
        {
            await SqlAsync(
                proxy,
                farm.Blog.Database,
                SitePassword(farm.Secrets.Read(Secret.SitesKey)),
                $"INSERT INTO rotation_writes VALUES ({number})"
            );
            written.Add(number);
        }
    }

    [Fact]
    [Long]
    public async Task Replication_goes_on_over_new_connections_after_its_password_was_changed()
    {
        await SharedFarm.SucceedsAsync(SharedFarm.RunFarmAsync(farm.RotationArguments(Secret.Replication)));
        var title = $"After the rotation {Guid.NewGuid():N}";

        foreach (var server in Servers())
            await _containers.SqlAsync(server, "KILL USER replication", TimeSpan.FromSeconds(5), CancellationToken.None);

        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        await author.PublishAsync(title);
        foreach (var server in Servers())
            await SharedFarm.EventuallyAsync($"the post is on {server}", async () =>
                (
                    await _containers.SqlAsync(
                        server,
                        $"SELECT COUNT(*) FROM {farm.Blog.Database}.wp_posts WHERE post_title = '{title}' AND post_type = 'post'",
                        TimeSpan.FromSeconds(5),
                        CancellationToken.None
                    )
                )?.Trim() == "1"
            );
    }

    [Fact]
    public async Task A_rotation_that_is_killed_locks_nobody_out_and_is_finished_by_the_next()
    {
        var file = farm.Secrets.PathOf(Secret.Monitor);
        var old = farm.Secrets.Read(Secret.Monitor);
        using var rotation = Process.Start(
            new ProcessStartInfo(Path.Combine(RepositoryRoot.Find(), "farm"), farm.RotationArguments(Secret.Monitor))
        )!;
        await SharedFarm.EventuallyAsync("the next value is used", () => Task.FromResult(farm.Secrets.Read(Secret.Monitor) != old));
        rotation.Kill(entireProcessTree: true);
        await rotation.WaitForExitAsync();
        var next = farm.Secrets.Read(Secret.Monitor);
        Assert.Equal([next, old], await File.ReadAllLinesAsync(file));
        Assert.Null(await RefusalAsync("mariadb-r1", "monitor", old));
        Assert.Null(await RefusalAsync("mariadb-r1", "monitor", next));

        await SharedFarm.SucceedsAsync(SharedFarm.RunFarmAsync(farm.RotationArguments(Secret.Monitor)));

        Assert.Equal(next, await File.ReadAllTextAsync(file));
        Assert.Equal(MySqlErrorCode.AccessDenied, await RefusalAsync("mariadb-r1", "monitor", old));
    }

    [Fact]
    public async Task A_server_lets_nobody_in_unencrypted_over_the_network()
    {
        var unencrypted = await Assert.ThrowsAsync<MySqlException>(async () =>
            await OpenAsync(
                new()
                {
                    Server = await AddressAsync("mariadb-p1"),
                    UserID = "monitor",
                    Password = farm.Secrets.Read(Secret.Monitor),
                    SslMode = MySqlSslMode.None,
                    Pooling = false,
                }
            )
        );

        Assert.Contains("insecure transport", unencrypted.Message, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Values() =>
        farm.Farm.Secrets.ToDictionary(secret => secret.Name, secret => File.ReadAllText(farm.Secrets.PathOf(secret.Name)));

    private IEnumerable<string> Servers() => farm.ReplicatedServers;

    /// <summary>Derives the password as the blog's wp-config.php does.</summary>
    private string SitePassword(string key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"db-password:{farm.Blog.Id}")));

    private async Task SqlAsync(string address, string user, string password, string sql)
    {
        await using var connection = await OpenAsync(
            new()
            {
                Server = address,
                UserID = user,
                Password = password,
                Database = farm.Blog.Database,
                SslMode = MySqlSslMode.VerifyCA,
                Pooling = false,
            }
        );
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>Why the login was refused; null when it succeeded.</returns>
    private async Task<MySqlErrorCode?> RefusalAsync(string server, string user, string password)
    {
        try
        {
            await using var connection = await OpenAsync(
                new()
                {
                    Server = await AddressAsync(server),
                    UserID = user,
                    Password = password,
                    SslMode = MySqlSslMode.VerifyCA,
                    Pooling = false,
                }
            );
            return null;
        }
        catch (MySqlException e)
        {
            return e.ErrorCode;
        }
    }

    private static async Task<MySqlConnection> OpenAsync(MySqlConnectionStringBuilder to)
    {
        var connection = new MySqlConnection(to.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private Task<string> AddressAsync(string service) => _containers.AddressAsync(service, Network.Database, CancellationToken.None);

    private async Task<HttpStatusCode> ApiAsync(string token)
    {
        using var orchestrator = farm.Orchestrator();
        orchestrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await orchestrator.GetAsync(new Uri(DatabaseRoutes.Status.Path, UriKind.Relative));
        return answer.StatusCode;
    }
}
