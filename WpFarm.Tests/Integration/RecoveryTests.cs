using System.Text.Json;
using WpFarm.Backups.Store;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>The farm is lost with all its data, and recovered from a second bucket and the backup key.</summary>
[Integration(Stage.Destroys)]
[Collection(SharedFarm.Collection)]
public sealed class RecoveryTests(SharedFarm farm)
{
    private readonly string _farmFile = Path.Combine(Path.GetTempPath(), $"wpfarm-recovered-{Environment.ProcessId}.json");
    private readonly string _keyFile = Path.GetTempFileName();

    [Fact]
    [Long]
    public async Task A_farm_that_is_lost_with_all_its_data_is_brought_back_from_a_second_bucket_and_the_key()
    {
        await using var elsewhere = await StoreElsewhere.StartAsync(farm);
        using (var bucket = new S3ObjectStore(elsewhere.Bucket("copies"), TimeProvider.System))
            await bucket.CreateBucketAsync(CancellationToken.None);
        await CopyToAsync(elsewhere);
        var title = $"Survives {Guid.NewGuid():N}";
        int post;
        Uri upload;
        using (var author = await WordPressUser.LogInAsync(farm, farm.Blog))
            (post, upload) = (await author.PublishAsync(title), await author.UploadAsync("dot.png", WordPressUser.RedDot));
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now", "--uploads"));
        var written = TimeProvider.System.GetUtcNow();
        await SharedFarm.EventuallyAsync("all of it is in the store", async () => (await farm.BackupsAsync()).RecoverableUntil > written);
        var stored = TimeProvider.System.GetUtcNow();
        await SharedFarm.EventuallyAsync("all of it is elsewhere", async () => (await farm.BackupsAsync()).OffSite?.CopiedAt > stored);
        File.Copy(farm.Secrets.PathOf(Secret.BackupKey), _keyFile, overwrite: true);

        try
        {
            await LoseAsync();
            var said = await SharedFarm.SucceedsAsync(
                SharedFarm.RunFarmAsync([
                    "recover",
                    "--endpoint",
                    elsewhere.Endpoint,
                    "--bucket",
                    "copies",
                    "--access-key",
                    "farm:backup",
                    "--secret-key-file",
                    elsewhere.KeyFile,
                    "--backup-key-file",
                    _keyFile,
                    "--free-ports",
                    "--yes",
                    "--name",
                    SharedFarm.Name,
                    "--file",
                    _farmFile,
                ])
            );

            Assert.DoesNotContain("PROBLEM", said, StringComparison.Ordinal);
            await farm.LookAsync(_farmFile);
            using var visitor = farm.Browser();
            await SharedFarm.ShowsAsync(visitor, $"{farm.Blog.Url}/wp-json/wp/v2/posts/{post}", title);
            Assert.Equal(WordPressUser.RedDot, await visitor.GetByteArrayAsync(new Uri(farm.Blog.Url + upload.AbsolutePath)));
            using (await WordPressUser.LogInAsync(farm, farm.Blog))
                await SharedFarm.SucceedsAsync(SharedFarm.RunFarmAsync("db", "status", "--name", SharedFarm.Name, "--file", _farmFile));
        }
        catch
        {
            await LoseAsync();
            throw;
        }
        finally
        {
            // Restores the farm with its own object storage for later tests.
            await farm.UpAsync();
            await farm.LookAsync();
            File.Delete(_farmFile);
            File.Delete(_keyFile);
        }
    }

    [Fact]
    public async Task What_is_given_wrongly_is_said_all_at_once_before_anything_is_touched()
    {
        var (exitCode, output) = await SharedFarm.RunFarmAsync(
            "recover",
            "--endpoint",
            "http://127.0.0.1:1",
            "--bucket",
            "X",
            "--access-key",
            "a",
            "--secret-key-file",
            "/nowhere/key",
            "--backup-key-file",
            _keyFile,
            "--yes",
            "--name",
            "nobody",
            "--file",
            _farmFile
        );

        Assert.Equal(2, exitCode);
        foreach (
            var problem in new[]
            {
                "/nowhere/key: does not exist",
                "The backup key has 0 characters",
                "'X' is not the name of a bucket",
                "is a loopback address",
            }
        )
            Assert.Contains(problem, output, StringComparison.Ordinal);
        Assert.False(File.Exists(_farmFile));
    }

    private async Task LoseAsync()
    {
        await SharedFarm.SucceedsAsync(SharedFarm.RunFarmAsync("down", "--volumes", "--yes", "--name", SharedFarm.Name));
        if (Directory.Exists(farm.Instance.Folder))
            Directory.Delete(farm.Instance.Folder, recursive: true);
    }

    /// <summary>Configures the off-site copy: from now on everything is copied there.</summary>
    private async Task CopyToAsync(StoreElsewhere elsewhere)
    {
        await File.WriteAllTextAsync(
            _farmFile,
            JsonSerializer.Serialize(
                new
                {
                    backups = new
                    {
                        offSite = new
                        {
                            endpoint = elsewhere.Endpoint,
                            bucket = "copies",
                            accessKey = "farm:backup",
                        },
                    },
                }
            )
        );
        File.Copy(elsewhere.KeyFile, farm.Secrets.PathOf(Secret.OffSiteKey), overwrite: true);
        await SharedFarm.SucceedsAsync(
            SharedFarm.RunFarmAsync("up", "--detach", "--free-ports", "--name", SharedFarm.Name, "--file", _farmFile)
        );
        File.Delete(_farmFile);
    }
}
