using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Locking;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Contracts.Settings;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The store operations that backups rely on, against the farm's own object storage.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class BackupStoreTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Service = "object-storage";
    private const int MiB = 1 << 20;

    private static readonly BackupKey s_key = BackupKey.Parse(new string('1', 64));
    private static readonly byte[] s_mebibyte = [.. Enumerable.Range(0, MiB).Select(n => (byte)(n * 31))];

    private ObjectStoreSettings _options = null!;
    private S3ObjectStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _options = await farm.ObjectStorageAsync($"test-{Guid.NewGuid():N}");
        _store = new(_options, TimeProvider.System);
        await _store.CreateBucketAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DeleteAsync(await NamesAsync(_store), default);
        _store.Dispose();
    }

    [Fact]
    public async Task Objects_are_put_got_listed_and_deleted()
    {
        await _store.CreateBucketAsync(default);
        var put = await _store.PutAsync("a/one", "hello"u8.ToArray(), default);
        await _store.PutAsync("a/empty", ReadOnlyMemory<byte>.Empty, default);
        await _store.PutAsync("b/other", "x"u8.ToArray(), default);

        Assert.Equal("hello"u8.ToArray(), await _store.ReadAsync("a/one", default));
        Assert.Empty(await _store.ReadAsync("a/empty", default));
        Assert.Equal(["a/empty", "a/one"], await NamesAsync(_store, "a/"));
        Assert.Equal((5, put.LastModified), ((await _store.HeadAsync("a/one", default))!.Size, put.LastModified));
        Assert.Null(await _store.HeadAsync("a/none", default));

        await _store.DeleteAsync(["a/one", "a/empty", "a/none"], default);
        Assert.Equal(["b/other"], await NamesAsync(_store));
    }

    [Fact]
    [Long]
    public async Task A_list_goes_on_after_its_first_thousand()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 1010), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancel) =>
            await _store.PutAsync($"many/{number:0000}", new byte[1], cancel)
        );
        Assert.Equal(Enumerable.Range(0, 1010).Select(number => $"many/{number:0000}"), await NamesAsync(_store, "many/"));
    }

    [Fact]
    public async Task A_large_backup_is_sealed_stored_and_verified_in_constant_memory()
    {
        const int Size = 200;
        var catalogue = new BackupCatalogue(_store);
        await SealAsync(catalogue, 20);
        var before = Environment.WorkingSet;
        var (id, data) = await SealAsync(catalogue, Size);
        Assert.Equal(Size * (long)MiB, data.ContentBytes);
        Assert.True(Environment.WorkingSet - before < 120 * (long)MiB, $"{(Environment.WorkingSet - before) / MiB} MiB more");

        var now = TimeProvider.System.GetUtcNow();
        var manifest = new BackupManifest
        {
            Id = id,
            Kind = BackupKind.Uploads,
            Started = now,
            Completed = now,
            PlainBytes = data.ContentBytes,
            CompressedBytes = data.ContentBytes,
            StoredBytes = data.StoredBytes,
            StoredSha256 = data.StoredSha256,
            ContentSha256 = data.ContentSha256,
            KeyId = data.KeyId,
        };
        await catalogue.WriteAsync(manifest, default);
        Assert.Null((await catalogue.VerifyAsync(manifest, s_key, default)).Problem);
        Assert.Equal([id], (await catalogue.ListAsync(default)).Backups.Select(backup => backup.Id));
    }

    [Fact]
    public async Task What_its_writer_gives_up_is_neither_listed_nor_left_behind()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() =>
            _store.PutAsync(
                "half",
                async (target, cancel) =>
                {
                    await WriteAsync(target, 40, cancel);
                    throw new EndOfStreamException("the server died");
                },
                default
            )
        );
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _store.PutAsync(
                "half",
                async (target, cancel) =>
                {
                    await WriteAsync(target, 40, cancel);
                    await stop.CancelAsync();
                    await WriteAsync(target, 40, cancel);
                },
                stop.Token
            )
        );

        Assert.Empty(await NamesAsync(_store));
        Assert.Equal(0, await _store.DeleteUnfinishedAsync(DateTimeOffset.MaxValue, default));
    }

    [Fact]
    public async Task Mistakes_are_named_whatever_is_asked()
    {
        var other = Path.Combine(Path.GetTempPath(), $"wpfarm-test-{Environment.ProcessId}.key");
        await File.WriteAllTextAsync(other, "wrong");
        try
        {
            await FaultsAsync(_options with { SecretKeyFile = other }, ObjectStoreFault.AccessDenied, "rejects the secret key");
            await FaultsAsync(_options with { Bucket = "missing" }, ObjectStoreFault.NoSuchBucket, "the bucket does not exist");
            await FaultsAsync(_options with { Endpoint = new("http://127.0.0.1:1") }, ObjectStoreFault.Unreachable, "does not answer");
        }
        finally
        {
            File.Delete(other);
        }

        Assert.Equal(
            ObjectStoreFault.NoSuchObject,
            (await Assert.ThrowsAsync<ObjectStoreException>(() => _store.GetAsync("none", default))).Fault
        );
    }

    [Fact]
    public async Task A_store_that_dies_in_the_middle_of_a_put_lists_nothing_of_it()
    {
        var container = (await farm.ContainersAsync(Service))[0];
        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() =>
            _store.PutAsync(
                "half",
                async (target, cancel) =>
                {
                    await WriteAsync(target, 40, cancel);
                    await SharedFarm.DockerAsync("kill", container);
                    await WriteAsync(target, 400, cancel);
                },
                default
            )
        );
        Assert.Equal(ObjectStoreFault.Unreachable, failure.Fault);

        await RestartAsync(container);
        Assert.Empty(await NamesAsync(_store));
        await _store.DeleteUnfinishedAsync(DateTimeOffset.MaxValue, default);
        Assert.Equal(0, await _store.DeleteUnfinishedAsync(DateTimeOffset.MaxValue, default));
    }

    [Fact]
    public async Task A_download_goes_on_after_the_store_was_away()
    {
        await _store.PutAsync("large", (target, cancel) => WriteAsync(target, 100, cancel), default);
        var container = (await farm.ContainersAsync(Service))[0];
        await using var download = await _store.GetAsync("large", default);
        var buffer = new byte[MiB];
        Task? restart = null;
        for (var number = 0; number < 100; number++)
        {
            if (number == 10)
            {
                await SharedFarm.DockerAsync("kill", container);
                restart = RestartAsync(container);
            }

            await download.ReadExactlyAsync(buffer);
            Assert.Equal(s_mebibyte, buffer);
        }

        Assert.Equal(0, await download.ReadAsync(buffer));
        await restart!;
    }

    [Fact]
    public async Task Of_many_that_want_a_lease_one_gets_it_and_then_the_next()
    {
        var leases = new LeaseStore(
            _store,
            new() { ClaimLimit = TimeSpan.FromSeconds(2), Expiry = TimeSpan.FromSeconds(30) },
            TimeProvider.System
        );
        var attempts = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => leases.TryAcquireAsync("backup", $"c{number}", default)));
        await using (var lease = Assert.Single(attempts, attempt => attempt.Lease is not null).Lease!)
        {
            Assert.False(lease.Lost.IsCancellationRequested);
            Assert.Null((await leases.TryAcquireAsync("backup", "late", default)).Lease);
        }

        Assert.Empty(await NamesAsync(_store));
        await using var next = (await leases.TryAcquireAsync("backup", "late", default)).Lease;
        Assert.NotNull(next);
    }

    private static async Task FaultsAsync(ObjectStoreSettings options, ObjectStoreFault fault, string words)
    {
        using var store = new S3ObjectStore(options, TimeProvider.System);
        foreach (
            var attempt in new Func<Task>[]
            {
                () => store.HeadAsync("x", default),
                () => store.GetAsync("x", default),
                () => store.PutAsync("x", new byte[3], default),
                () => store.PutAsync("x", (target, cancel) => WriteAsync(target, 40, cancel), default),
                () => store.DeleteAsync(["x"], default),
                () => NamesAsync(store),
            }
        )
        {
            var failure = await Assert.ThrowsAsync<ObjectStoreException>(attempt);
            Assert.Equal(fault, failure.Fault);
            Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<(string Id, SealedData Data)> SealAsync(BackupCatalogue catalogue, int mebibytes)
    {
        var id = BackupId.New(BackupKind.Uploads, null, TimeProvider.System.GetUtcNow());
        return (id, await catalogue.SealAsync(id, s_key, (target, cancel) => WriteAsync(target, mebibytes, cancel), default));
    }

    private static async Task WriteAsync(Stream target, int mebibytes, CancellationToken cancel)
    {
        for (var number = 0; number < mebibytes; number++)
            await target.WriteAsync(s_mebibyte, cancel);
    }

    private async Task RestartAsync(string container)
    {
        await SharedFarm.DockerAsync("start", container);
        using var client = new HttpClient { BaseAddress = _options.Endpoint };
        await SharedFarm.EventuallyAsync("the object storage answers", async () =>
        {
            try
            {
                return (await client.GetAsync(new Uri("/healthcheck", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private static async Task<List<string>> NamesAsync(S3ObjectStore store, string prefix = "")
    {
        var names = new List<string>();
        await foreach (var found in store.ListAsync(prefix, default))
            names.Add(found.Name);
        return names;
    }
}
