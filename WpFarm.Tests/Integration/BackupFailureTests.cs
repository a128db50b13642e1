using System.Text.Json;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Chaos.Database;
using WpFarm.Deployment.Compose;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Something that backups and restorations need fails. No partial backup is ever listed as good, and the error says what to do.
/// </summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class BackupFailureTests(SharedFarm farm) : IAsyncLifetime
{
    private const string ObjectStorage = "object-storage";
    private const string Orchestrator = "orchestrator";

    private readonly BackedUpRows _rows = new(farm);

    public async ValueTask InitializeAsync() => await _rows.CreateAsync();

    /// <summary>Repairs what a failed test has stopped or interrupted, so that later tests do not fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await SharedFarm.DockerAsync(
            "start",
            (await farm.ContainersAsync(Orchestrator))[0],
            (await farm.ContainersAsync(ObjectStorage))[0]
        );
        await SharedFarm.EventuallyAsync("no restoration is under way", async () =>
            (await farm.CommandAsync("restore", "--give-up")).ExitCode == 0
        );
        await _rows.DisposeAsync();
    }

    [Fact]
    public Task A_store_that_dies_in_the_middle_of_a_backup_leaves_none_that_is_not_whole_and_the_next_is_made() => DiesAsync("the store");

    [Theory]
    [Long]
    [InlineData("the server that is copied")]
    [InlineData("the Orchestrator")]
    public Task Nor_does_whatever_else_dies_in_the_middle(string what) => DiesAsync(what);

    [Fact]
    [Long]
    public async Task A_restoration_whose_store_is_gone_can_be_given_up_and_the_farm_goes_on_with_what_it_had()
    {
        await _rows.WriteAsync(1, 20);
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        await _rows.WriteAsync(21, 30);
        var store = (await farm.ContainersAsync(ObjectStorage))[0];
        await SharedFarm.DockerAsync("kill", store);
        try
        {
            var (exitCode, output) = await farm.CommandAsync("restore", "--latest", "--yes");
            Assert.Equal(1, exitCode);
            Assert.Contains("fetch", output, StringComparison.Ordinal);
            await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--give-up"));
        }
        finally
        {
            await SharedFarm.DockerAsync("start", store);
        }

        await SharedFarm.EventuallyAsync("somebody takes writes", async () => (await farm.DatabaseAsync()).Writer is not null);
        await _rows.WriteAsync(31, 40);
        await _rows.AreEverywhereAsync();
    }

    [Fact]
    [Long]
    public async Task An_Orchestrator_that_is_killed_in_the_middle_of_a_restoration_finishes_it_when_it_is_ordered_again()
    {
        await _rows.WriteAsync(1, 20);
        var before = await _rows.DeleteAllAsync();
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        var restore = farm.CommandAsync("restore", "--gtid", before, "--yes");
        await SharedFarm.EventuallyAsync("it restores", async () =>
            (await farm.BackupsAsync()).Reports is [{ Running: "fetch" or "use" or "return" or "replay" }, ..]
        );
        var orchestrator = (await farm.ContainersAsync(Orchestrator))[0];
        await SharedFarm.DockerAsync("kill", orchestrator);
        Assert.Equal(1, (await restore).ExitCode);

        await SharedFarm.DockerAsync("start", orchestrator);
        // A restarted Orchestrator reads from the cluster state that no server may accept writes.
        await SharedFarm.EventuallyAsync("the Orchestrator takes over", async () => await farm.RecoversAsync());
        Assert.Null((await farm.DatabaseAsync()).Writer);
        await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--gtid", before, "--yes"));

        await _rows.AreEverywhereAsync();
    }

    [Fact]
    [Long]
    public async Task What_was_backed_up_is_restored_onto_fewer_servers_and_the_others_get_it_when_they_are_back()
    {
        await _rows.WriteAsync(1, 20);
        var before = await _rows.DeleteAllAsync();
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        string[] missing = ["mariadb-r1", "mariadb-r2"];
        var containers = (await Task.WhenAll(missing.Select(farm.ContainersAsync))).SelectMany(container => container).ToArray();
        await SharedFarm.DockerAsync(["stop", .. containers]);
        try
        {
            await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--gtid", before, "--yes"));
            foreach (var server in farm.ReplicatedServers.Except(missing))
                await _rows.AreOnAsync(server);
        }
        finally
        {
            await SharedFarm.DockerAsync(["start", .. containers]);
        }

        await _rows.AreEverywhereAsync();
    }

    [Fact]
    [Long]
    public async Task A_key_that_the_store_refuses_is_named_and_backups_go_on_once_it_is_right_again()
    {
        // Written in place: containers mount this file, not another one of its name.
        var (file, key) = (farm.Secrets.PathOf(Secret.ObjectStorageKey), farm.Secrets.Read(Secret.ObjectStorageKey));
        await File.WriteAllTextAsync(file, Guid.NewGuid().ToString("N"));
        try
        {
            var (exitCode, output) = await farm.CommandAsync("backup", "now");
            Assert.Equal(1, exitCode);
            Assert.Contains("rejects the secret key", output, StringComparison.Ordinal);
            await SharedFarm.EventuallyAsync("whoever asks is told", async () =>
                (await farm.BackupsAsync()).Problems.Any(problem => problem.Contains("rejects the secret key", StringComparison.Ordinal))
            );
            Assert.Contains("rejects the secret key", (await farm.CommandAsync("status")).Output, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(file, key);
        }

        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now"));
    }

    [Fact]
    [Long]
    public async Task A_full_store_is_named_and_backups_go_on_once_there_is_room()
    {
        var containers = new ComposeContainers(farm.Instance);
        var disk = new SmallDisk(containers, megabytes: 200, owner: "6200:6200");
        try
        {
            await disk.AttachAsync(ObjectStorage, CancellationToken.None);
            await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
            await containers.ExecuteAsync(
                ObjectStorage,
                ["sh", "-c", "head -c 1G /dev/zero > /srv/node/data/fill || df /srv/node/data"],
                CancellationToken.None
            );

            var (exitCode, output) = await farm.CommandAsync("backup", "now", "--full");
            Assert.Equal(1, exitCode);
            Assert.Contains("its disk is full", output, StringComparison.Ordinal);
            await containers.ExecuteAsync(ObjectStorage, ["rm", "/srv/node/data/fill"], CancellationToken.None);
            await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
            await WhatIsListedIsWholeAsync();
            await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now", "--full"));
        }
        finally
        {
            await disk.DetachAsync(ObjectStorage, CancellationToken.None);
        }

        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
    }

    [Fact]
    [Long]
    public async Task A_bit_that_flipped_in_the_store_is_found_and_named()
    {
        using var store = await StoreAsync();
        var id = (await ListAsync()).Last(backup => backup.Kind is BackupKind.Full).Id;
        var good = await store.ReadAsync(BackupId.DataOf(id), default);
        var bad = good.ToArray();
        bad[bad.Length / 2] ^= 1;
        await store.PutAsync(BackupId.DataOf(id), bad, default);
        try
        {
            var (exitCode, output) = await farm.CommandAsync("backup", "verify", id);

            Assert.Equal(1, exitCode);
            Assert.Contains(id, output, StringComparison.Ordinal);
        }
        finally
        {
            await store.PutAsync(BackupId.DataOf(id), good, default);
        }

        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "verify", id));
    }

    private async Task DiesAsync(string what)
    {
        var backup = farm.CommandAsync("backup", "now", "--full");
        var running = default(BackupReport);
        await SharedFarm.EventuallyAsync("it copies", async () =>
            (running = (await farm.BackupsAsync()).Reports is [var latest, ..] ? latest : null) is { What: "full backup", Running: "copy" }
        );
        var service = what switch
        {
            "the store" => ObjectStorage,
            "the Orchestrator" => Orchestrator,
            _ => running!.Phases[0].Result.Split(' ')[^1], // "all of mariadb-r2"
        };
        var dies = (await farm.ContainersAsync(service))[0];
        await SharedFarm.DockerAsync("kill", dies);
        var (exitCode, output) = await backup;
        await SharedFarm.DockerAsync("start", dies);
        // The job may have ended already.
        Assert.True(exitCode is 0 or 1, output);

        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        await farm.DatabaseIsWellAsync();
        await WhatIsListedIsWholeAsync();
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now", "--full"));
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "verify"));
    }

    private async Task WhatIsListedIsWholeAsync()
    {
        using var store = await StoreAsync();
        var (catalogue, key) = (new BackupCatalogue(store), BackupKey.Parse(farm.Secrets.Read(Secret.BackupKey)));
        foreach (var listed in (await catalogue.ListAsync(default)).Backups)
            if ((await catalogue.VerifyAsync(listed, key, default)).Problem is { } problem)
                // The Orchestrator may have pruned a backup; it deletes the manifest first.
                Assert.True(await new BackupCatalogue(store).FindAsync(listed.Id, default) is null, problem);
    }

    private async Task<IReadOnlyList<BackupEntry>> ListAsync() =>
        JsonSerializer.Deserialize<IReadOnlyList<BackupEntry>>(
            await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "list", "--json")),
            ApiJson.Strict
        )!;

    private async Task<S3ObjectStore> StoreAsync() => new(await farm.ObjectStorageAsync("backups"), TimeProvider.System);
}
