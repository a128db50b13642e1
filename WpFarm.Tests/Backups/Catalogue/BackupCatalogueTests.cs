using System.Security.Cryptography;
using System.Text;
using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Sealing;
using WpFarm.Backups.Store;
using WpFarm.Tests.Backups.Store;

namespace WpFarm.Tests.Backups.Catalogue;

public sealed class BackupCatalogueTests
{
    private static readonly BackupKey s_key = BackupKey.Parse(new string('1', 64));
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 3_000_000).Select(n => (byte)n)];

    private readonly SimulatedStore _store = new();

    private BackupCatalogue Catalogue => new(_store);

    [Fact]
    public async Task A_backup_is_listed_opened_and_verified()
    {
        var backup = await MakeAsync();

        var listing = await Catalogue.ListAsync(default);
        Assert.Equal([backup.Id], listing.Backups.Select(found => found.Id));
        Assert.Empty(listing.Unfinished);
        await using var opened = await Catalogue.OpenAsync(backup, s_key, default);
        using var content = new MemoryStream();
        await opened.CopyToAsync(content);
        Assert.Equal(s_content, content.ToArray());
        Assert.Null((await Catalogue.VerifyAsync(backup, s_key, default)).Problem);
    }

    [Fact]
    public async Task Data_without_a_manifest_is_no_backup()
    {
        var id = BackupId.New(BackupKind.Full, "mariadb-r1", DateTimeOffset.UnixEpoch);
        await Catalogue.SealAsync(id, s_key, (_, _) => Task.CompletedTask, default);

        var listing = await Catalogue.ListAsync(default);
        Assert.Empty(listing.Backups);
        Assert.Equal([BackupId.DataOf(id)], listing.Unfinished.Select(found => found.Name));
    }

    [Fact]
    public async Task What_its_writer_gave_up_is_not_stored()
    {
        var id = BackupId.New(BackupKind.Full, "mariadb-r1", DateTimeOffset.UnixEpoch);
        await Assert.ThrowsAsync<EndOfStreamException>(() =>
            Catalogue.SealAsync(
                id,
                s_key,
                async (target, cancel) =>
                {
                    await target.WriteAsync(s_content, cancel);
                    throw new EndOfStreamException("the server died");
                },
                default
            )
        );
        Assert.Empty(_store.Objects);
    }

    [Fact]
    public async Task A_manifest_is_not_written_for_data_that_is_not_there()
    {
        var backup = await MakeAsync();
        await _store.DeleteAsync([BackupId.DataOf(backup.Id)], default);
        Assert.Equal(
            ObjectStoreFault.Corrupt,
            (await Assert.ThrowsAsync<ObjectStoreException>(() => Catalogue.WriteAsync(backup, default))).Fault
        );
    }

    [Fact]
    public async Task A_broken_manifest_is_told_and_hides_nothing_else()
    {
        var (broken, newer, good) = (await MakeAsync(), await MakeAsync(), await MakeAsync());
        _store.Tamper(BackupId.ManifestOf(broken.Id), json => json[..50]);
        _store.Tamper(BackupId.ManifestOf(newer.Id), json => [.. "{\"version\": 9}"u8]);

        var listing = await Catalogue.ListAsync(default);
        Assert.Equal([good.Id], listing.Backups.Select(found => found.Id));
        Assert.Equal(new[] { broken.Id, newer.Id }.Order(StringComparer.Ordinal), listing.Broken.Select(found => found.Id));
        Assert.Empty(listing.Unfinished);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_not_an_empty_one()
    {
        await MakeAsync();
        _store.IsDown = true;
        await Assert.ThrowsAsync<ObjectStoreException>(() => Catalogue.ListAsync(default));
    }

    [Fact]
    public async Task A_look_finds_missing_and_shortened_data_and_a_deep_look_a_flipped_bit()
    {
        var (missing, shorter, flipped) = (await MakeAsync(), await MakeAsync(), await MakeAsync());
        await _store.DeleteAsync([BackupId.DataOf(missing.Id)], default);
        _store.Tamper(BackupId.DataOf(shorter.Id), data => data[..^1]);
        _store.Tamper(BackupId.DataOf(flipped.Id), data => [.. data[..500_000], (byte)(data[500_000] ^ 4), .. data[500_001..]]);

        Assert.Contains("is missing in", (await Catalogue.VerifyAsync(missing, default)).Problem, StringComparison.Ordinal);
        Assert.Contains("bytes", (await Catalogue.VerifyAsync(shorter, default)).Problem, StringComparison.Ordinal);
        Assert.True((await Catalogue.VerifyAsync(flipped, default)).IsGood);
        Assert.Contains("chunk 0 is damaged", (await Catalogue.VerifyAsync(flipped, s_key, default)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deep_look_with_another_key_says_which_one_it_takes() =>
        Assert.Contains(
            $"with the backup key {s_key.Id}",
            (await Catalogue.VerifyAsync(await MakeAsync(), BackupKey.Parse(new string('2', 64)), default)).Problem,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Hashes_that_are_not_the_manifests_are_told()
    {
        var backup = await MakeAsync();
        Assert.Contains(
            "SHA-256",
            (await Catalogue.VerifyAsync(backup with { StoredSha256 = new string('0', 64) }, s_key, default)).Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "SHA-256",
            (await Catalogue.VerifyAsync(backup with { ContentSha256 = new string('0', 64) }, s_key, default)).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_deleted_is_gone()
    {
        var catalogue = Catalogue;
        var (gone, kept) = (await MakeAsync(), await MakeAsync());
        await catalogue.ListAsync(default);
        await catalogue.DeleteAsync([gone], default);
        Assert.Null(await catalogue.FindAsync(gone.Id, default));
        Assert.Equal([BackupId.ManifestOf(kept.Id), BackupId.DataOf(kept.Id)], _store.Objects.Keys);
    }

    [Fact]
    public async Task Copies_elsewhere_are_made_once_and_checked()
    {
        var elsewhere = new SimulatedStore();
        var copy = new OffSiteCopy(_store, elsewhere);
        BackupManifest[] both = [await MakeAsync(), await MakeAsync()];
        Assert.Equal(2, (await copy.CopyAsync(both, default)).Count);
        Assert.Empty(await copy.CopyAsync(both, default));
        Assert.True((await new BackupCatalogue(elsewhere).VerifyAsync(both[0], s_key, default)).IsGood);

        await elsewhere.DeleteAsync([BackupId.ManifestOf(both[1].Id), BackupId.DataOf(both[1].Id)], default);
        _store.Tamper(BackupId.DataOf(both[1].Id), data => [.. data[..^1], (byte)(data[^1] ^ 1)]);
        Assert.Equal(
            ObjectStoreFault.Corrupt,
            (await Assert.ThrowsAsync<ObjectStoreException>(() => new OffSiteCopy(_store, elsewhere).CopyAsync(both, default))).Fault
        );
        Assert.DoesNotContain(BackupId.DataOf(both[1].Id), elsewhere.Objects.Keys);
    }

    [Fact]
    public async Task A_repository_of_restic_is_copied_with_its_snapshots_last_and_without_its_locks()
    {
        var (elsewhere, order) = (new SimulatedStore(), new List<string>());
        var pack = await PutAsync("uploads/data/ab/");
        var snapshot = await PutAsync("uploads/snapshots/");
        await _store.PutAsync("uploads/config", "any"u8.ToArray(), default);
        await _store.PutAsync("uploads/locks/x", "held"u8.ToArray(), default);
        elsewhere.Latency = () =>
        {
            order.AddRange(elsewhere.Objects.Keys.Except(order));
            return Task.CompletedTask;
        };

        var told = new List<(int, int)>();
        Assert.Equal(
            3,
            await new OffSiteCopy(_store, elsewhere).CopyRepositoryAsync("uploads/", default, (done, all) => told.Add((done, all)))
        );

        Assert.Equal(["uploads/config", pack, snapshot], order);
        Assert.Equal([(1, 3), (2, 3), (3, 3)], told);
        Assert.Equal(0, await new OffSiteCopy(_store, elsewhere).CopyRepositoryAsync("uploads/", default));
    }

    [Fact]
    public async Task An_object_of_restic_that_is_not_what_its_name_says_is_not_copied()
    {
        var elsewhere = new SimulatedStore();
        await _store.PutAsync($"uploads/data/ab/{new string('a', 64)}", "else"u8.ToArray(), default);

        Assert.Equal(
            ObjectStoreFault.Corrupt,
            (
                await Assert.ThrowsAsync<ObjectStoreException>(() =>
                    new OffSiteCopy(_store, elsewhere).CopyRepositoryAsync("uploads/", default)
                )
            ).Fault
        );
        Assert.Empty(elsewhere.Objects);
    }

    /// <summary>Named by its hash, as restic does.</summary>
    private async Task<string> PutAsync(string folder)
    {
        var content = Encoding.UTF8.GetBytes(folder);
        var name = folder + Convert.ToHexStringLower(SHA256.HashData(content));
        await _store.PutAsync(name, content, default);
        return name;
    }

    private async Task<BackupManifest> MakeAsync()
    {
        var started = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);
        var id = BackupId.New(BackupKind.Full, "mariadb-r1", started);
        var data = await Catalogue.SealAsync(id, s_key, async (target, cancel) => await target.WriteAsync(s_content, cancel), default);
        var manifest = BackupManifest.Of(id, BackupKind.Full, data, s_content.Length, started, started.AddMinutes(1)) with
        {
            Server = "mariadb-r1",
            Instance = "a",
            GtidEnd = GtidPosition.Parse("1-1-5"),
            LsnTo = 7,
        };
        await Catalogue.WriteAsync(manifest, default);
        return manifest;
    }
}
