using System.Net;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Compose;
using WpFarm.Orchestrator.Backups.Uploads;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>Snapshots of the uploads in the farm's own object storage, made by the Orchestrator's orders.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class UploadsBackupTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Service = "uploads-backup";
    private const string Store = "object-storage";
    private const long MiB = 1 << 20;

    private readonly ComposeContainers _containers = new(farm.Instance);
    private UploadsAgent _agent = null!;

    public async ValueTask InitializeAsync() => _agent = await AgentAsync(Secret.BackupAgentKey);

    public async ValueTask DisposeAsync()
    {
        foreach (var restore in await _agent.RestoresAsync(default))
            await _agent.RemoveRestoreAsync(restore, default);
        await InVolumeAsync("rm -rf test blog/test shop/test");
        _agent.Dispose();
    }

    [Fact]
    public async Task A_picture_that_WordPress_took_and_somebody_deleted_comes_back()
    {
        var png = Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        );
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        var picture = await author.UploadAsync($"{Guid.NewGuid():N}.png", png);
        var path = picture.AbsolutePath.Split("/uploads/")[1];
        var snapshot = await _agent.SnapshotAsync(default);
        await InVolumeAsync($"rm blog/{path}");
        Assert.Equal(HttpStatusCode.NotFound, await VisitAsync(picture));

        var restored = await _agent.RestoreAsync(new(snapshot.Id, "blog", path, InPlace: true), default);

        Assert.Equal((null, 1, (long)png.Length), (restored.Id, restored.Files, restored.Bytes));
        Assert.Equal(HttpStatusCode.OK, await VisitAsync(picture));
        Assert.Empty(snapshot.Unread);
    }

    [Fact]
    public async Task A_site_is_restored_as_it_was_and_what_it_replaced_stays_aside()
    {
        await InVolumeAsync(
            "mkdir -p blog/test shop/test && for n in $(seq 50); do head -c $((n * 5000)) /dev/urandom > \"blog/test/file $n\"; done "
                + "&& echo shop > shop/test/file"
        );
        var before = await InVolumeAsync("cd blog && find . -type f -exec sha256sum {} + | sort");
        var snapshot = await _agent.SnapshotAsync(default);
        await InVolumeAsync(
            "rm blog/test/*7 && echo changed > 'blog/test/file 1' && echo later > blog/test/later && echo changed > shop/test/file"
        );

        var restored = await _agent.RestoreAsync(new(snapshot.Id, "blog", null, InPlace: true), default);

        Assert.Equal(before, await InVolumeAsync("cd blog && find . -type f -exec sha256sum {} + | sort"));
        Assert.Equal(
            "changed\nlater\nchanged",
            await InVolumeAsync($"cd .restores/{restored.Id} && cat 'blog/test/file 1' blog/test/later ../../shop/test/file")
        );
        Assert.Contains(restored.Id!, await _agent.RestoresAsync(default));
    }

    [Fact]
    public async Task A_second_snapshot_of_the_same_adds_almost_nothing_and_all_of_it_proves_good()
    {
        await InVolumeAsync("mkdir -p test && for n in $(seq 20); do head -c 5M /dev/urandom > test/$n; done");
        var first = await _agent.SnapshotAsync(default);
        var second = await _agent.SnapshotAsync(default);

        Assert.InRange(first.BytesAdded, 100 * MiB, 101 * MiB);
        Assert.Equal((0, 0), (second.FilesNew, second.FilesChanged));
        Assert.InRange(second.BytesAdded, 0, MiB / 10);
        var sample = await _agent.SampleAsync(second.Id, 10, default);
        Assert.True(sample.IsGood, string.Join('\n', sample.Files));
        Assert.Equal(10, sample.Files.Count);
        Assert.Equal(0, (await _agent.CheckAsync(100, default)).Errors);

        Assert.Equal(1, (await _agent.ForgetAsync([first.Id], default)).Forgotten);
        Assert.DoesNotContain(await _agent.SnapshotsAsync(default), snapshot => snapshot.Id == first.Id);
        Assert.Equal(0, (await _agent.CheckAsync(0, default)).Errors);
    }

    [Fact]
    public async Task A_wrong_key_and_a_store_that_is_away_or_refuses_are_named()
    {
        await _agent.SnapshotAsync(default);
        await FaultsAsync(UploadsFault.WrongKey, "created with another backup-key", () => WithSecretAsync(Secret.BackupKey));
        await FaultsAsync(UploadsFault.StoreDenied, "refuses the key (SignatureDoesNotMatch)", () =>
            WithSecretAsync(Secret.ObjectStorageKey)
        );
        await FaultsAsync(UploadsFault.NotProven, "check the secret backup-agent-key", async () =>
        {
            var right = _agent;
            _agent = await AgentAsync(Secret.ApiToken);
            return new Undo(() =>
            {
                _agent.Dispose();
                _agent = right;
                return Task.CompletedTask;
            });
        });
        await FaultsAsync(UploadsFault.StoreUnreachable, "Check that the object store is running", async () =>
        {
            var container = (await farm.ContainersAsync(Store))[0];
            await SharedFarm.DockerAsync("stop", container);
            return new Undo(async () =>
            {
                await SharedFarm.DockerAsync("start", container);
                await SharedFarm.EventuallyAsync("the store is healthy", async () =>
                    await SharedFarm.DockerAsync("inspect", "--format", "{{.State.Health.Status}}", container) == "healthy"
                );
            });
        });

        await _agent.SnapshotAsync(default);
        // The Orchestrator may have sealed a binary log with the wrong key, and nothing after that log could be recovered.
        await SharedFarm.EventuallyAsync("there is a backup to go on from", async () =>
            (await farm.CommandAsync("backup", "now", "--full")).ExitCode == 0
        );
    }

    [Fact]
    public async Task A_snapshot_that_is_killed_or_called_off_holds_up_neither_the_next_nor_what_needs_all_to_itself()
    {
        await InVolumeAsync("mkdir -p test && for n in $(seq 40); do head -c 5M /dev/urandom > test/$n; done");
        var killed = _agent.SnapshotAsync(default);
        await SharedFarm.EventuallyAsync("it has begun", async () => (await _agent.ProgressAsync(default)).Bytes > 0);
        Assert.Equal(UploadsFault.Busy, (await Assert.ThrowsAsync<UploadsException>(() => _agent.CheckAsync(0, default))).Fault);
        await _containers.KillAsync(Service, "restic", default);
        await Assert.ThrowsAsync<UploadsException>(() => killed);

        using var stop = new CancellationTokenSource();
        var calledOff = _agent.SnapshotAsync(stop.Token);
        await SharedFarm.EventuallyAsync("the next has begun", async () => (await _agent.ProgressAsync(default)).Bytes > 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calledOff);
        await SharedFarm.EventuallyAsync("the order has ended", async () => (await _agent.ProgressAsync(default)).Order is null);

        var snapshot = await _agent.SnapshotAsync(default);
        Assert.Equal(0, (await _agent.CheckAsync(0, default)).Errors);
        Assert.True((await _agent.SampleAsync(snapshot.Id, 20, default)).IsGood);
    }

    [Fact]
    [Long]
    public async Task What_the_agent_does_by_itself_is_tested_where_it_runs() =>
        await SharedFarm.DockerAsync(
            "exec",
            (await farm.ContainersAsync(Service))[0],
            "python3",
            "-m",
            "unittest",
            "discover",
            "-s",
            "/usr/local/lib/wpfarm/tests",
            "-t",
            "/usr/local/lib/wpfarm"
        );

    private async Task<UploadsAgent> AgentAsync(string key) =>
        new(
            Options.Create(
                new UploadsSettings
                {
                    Address = new($"http://{await _containers.AddressAsync(Service, Network.Management, default)}:9301"),
                    KeyFile = farm.Secrets.PathOf(key),
                }
            ),
            TimeProvider.System
        );

    private async Task FaultsAsync(UploadsFault fault, string words, Func<Task<IAsyncDisposable>> arrange)
    {
        await using var undo = await arrange();

        var refused = await Assert.ThrowsAsync<UploadsException>(() => _agent.SnapshotAsync(default));

        Assert.Equal(fault, refused.Fault);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes another value into the file that the container has mounted.</summary>
    private async Task<IAsyncDisposable> WithSecretAsync(string name)
    {
        var file = farm.Secrets.PathOf(name);
        var value = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, new string('7', 64));
        return new Undo(() => File.WriteAllTextAsync(file, value));
    }

    private async Task<string> InVolumeAsync(string script) =>
        await SharedFarm.DockerAsync("exec", (await farm.ContainersAsync(Service))[0], "bash", "-c", $"set -e; cd /srv/uploads; {script}");

    private async Task<HttpStatusCode> VisitAsync(Uri picture)
    {
        using var visitor = farm.Browser();
        using var answer = await visitor.GetAsync(new Uri($"{picture}?new={Guid.NewGuid():N}"));
        return answer.StatusCode;
    }

    private sealed class Undo(Func<Task> what) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await what();
    }
}
