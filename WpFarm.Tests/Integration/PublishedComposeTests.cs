using System.Net;
using System.Text.Json;
using WpFarm.Tests.Deployment.Machine;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The output of <c>./farm publish</c>, copied elsewhere and started there by Docker alone.</summary>
[Collection(SharedFarm.Collection)]
[Integration(Stage.Destroys)]
public sealed class PublishedComposeTests : IAsyncLifetime
{
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("wpfarm-published-");
    private readonly int _port = FakeEngine.FreePort();

    private string Elsewhere => Path.Combine(_work.FullName, "elsewhere");

    public async ValueTask InitializeAsync()
    {
        var farmFile = Path.Combine(_work.FullName, "farm.json");
        await File.WriteAllTextAsync(
            farmFile,
            JsonSerializer.Serialize(
                new
                {
                    database = new { readReplicas = 1 },
                    storage = new { objectStorage = "none" },
                    observability = new { enabled = false },
                }
            )
        );
        var output = Path.Combine(_work.FullName, "manifests");
        await SharedFarm.SucceedsAsync(
            SharedFarm.RunFarmAsync("publish", "--first-party", "--name", "published", "--file", farmFile, "--output", output)
        );
        Directory.Move(Path.Combine(output, "compose"), Elsewhere);
    }

    public async ValueTask DisposeAsync()
    {
        await ComposeAsync("down", "--volumes", "--timeout", "20");
        _work.Delete(recursive: true);
    }

    [Fact]
    public async Task The_published_folder_runs_a_farm_in_another_place_without_the_farm_command()
    {
        await SharedFarm.SucceedsAsync(SharedFarm.RunAsync(Path.Combine(Elsewhere, "secrets.sh"), []));
        await File.WriteAllTextAsync(
            Path.Combine(Elsewhere, ".env"),
            $"SITES_PORT={_port}\nORCHESTRATOR_API_PORT={FakeEngine.FreePort()}\n"
        );
        await SharedFarm.SucceedsAsync(ComposeAsync("config", "--quiet"));

        await SharedFarm.SucceedsAsync(ComposeAsync("up", "--detach"));
        await SharedFarm.SucceedsAsync(ComposeAsync("wait", "wordpress-install"));

        using var browser = new HttpClient();
        browser.DefaultRequestHeaders.Host = "blog.farm.localhost";
        // The balancer becomes healthy a moment before it has found the pools.
        await SharedFarm.EventuallyAsync("the blog answers", async () =>
        {
            using var page = await browser.GetAsync(new Uri($"http://127.0.0.1:{_port}/"));
            return page.StatusCode is HttpStatusCode.OK
                && (await page.Content.ReadAsStringAsync()).Contains("The Blog", StringComparison.Ordinal);
        });
    }

    private Task<(int ExitCode, string Output)> ComposeAsync(params string[] arguments) =>
        SharedFarm.RunAsync("docker", ["compose", "--project-directory", Elsewhere, .. arguments]);
}
