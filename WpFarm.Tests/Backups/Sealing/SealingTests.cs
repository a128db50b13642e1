using FsCheck.Xunit;
using WpFarm.Backups.Sealing;

namespace WpFarm.Tests.Backups.Sealing;

[Properties(MaxTest = 100)]
public sealed class SealingTests
{
    private const string Name = "backups/one.sealed";
    private const int Header = SealHeader.Length;
    private const int Chunk = SealChunk.MaximumLength;

    private static readonly BackupKey s_key = BackupKey.Parse(new string('1', 64));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealChunk.Length - 1)]
    [InlineData(SealChunk.Length)]
    [InlineData(SealChunk.Length + 1)]
    [InlineData(2 * SealChunk.Length)]
    [InlineData((3 * SealChunk.Length) + 7)]
    public async Task What_is_sealed_opens_again(int length)
    {
        var plain = Bytes(length, seed: length);
        Assert.Equal(plain, await OpenAsync(await SealAsync(plain)));
    }

    [Generated]
    public async Task Any_length_written_and_read_in_any_pieces_opens_again(int seed)
    {
        var random = new Random(seed);
        var plain = Bytes(random.Next(3 * SealChunk.Length), seed);
        using var target = new MemoryStream();
        await using (var sealing = new SealingStream(target, s_key, Name))
        {
            for (var at = 0; at < plain.Length; )
            {
                var piece = Math.Min(plain.Length - at, random.Next(2 * SealChunk.Length));
                await sealing.WriteAsync(plain.AsMemory(at, piece));
                at += piece;
            }

            await sealing.CompleteAsync();
        }

        await using var opening = new OpeningStream(new Dripping(target.ToArray(), random), s_key, Name);
        using var opened = new MemoryStream();
        await opening.CopyToAsync(opened, 1 + random.Next(100_000));
        Assert.Equal(plain, opened.ToArray());
    }

    [Generated]
    public async Task Any_flipped_bit_is_refused(int seed)
    {
        var random = new Random(seed);
        var sealedBytes = await SealAsync(Bytes(random.Next(2 * SealChunk.Length), seed));
        // Headers are few among the bytes, and are where a mistake would be.
        var at = random.Next(3) == 0 ? random.Next(Header + SealChunk.HeaderLength) : random.Next(sealedBytes.Length);
        sealedBytes[at] ^= (byte)(1 << random.Next(8));
        await Assert.ThrowsAsync<SealException>(() => OpenAsync(sealedBytes));
    }

    [Generated]
    public async Task Any_truncation_is_refused_and_named(int seed)
    {
        var random = new Random(seed);
        var sealedBytes = await SealAsync(Bytes(random.Next(3 * SealChunk.Length), seed));
        var fault = await FaultAsync(sealedBytes[..random.Next(1, sealedBytes.Length)]);
        Assert.Equal(SealFault.Truncated, fault.Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_cut_between_two_chunks_is_a_truncation(int chunks) =>
        Assert.Equal(
            SealFault.Truncated,
            (await FaultAsync((await SealAsync(Bytes(3 * SealChunk.Length, 1)))[..(Header + (chunks * Chunk))])).Fault
        );

    [Fact]
    public async Task Chunks_in_another_order_are_named()
    {
        var bytes = await SealAsync(Bytes(3 * SealChunk.Length, 1));
        byte[] swapped =
        [
            .. bytes[..Header],
            .. bytes[(Header + Chunk)..(Header + (2 * Chunk))],
            .. bytes[Header..(Header + Chunk)],
            .. bytes[(Header + (2 * Chunk))..],
        ];
        Assert.Equal(SealFault.OutOfOrder, (await FaultAsync(swapped)).Fault);
    }

    [Fact]
    public async Task Chunks_in_another_order_do_not_open_either_when_their_numbers_are_forged()
    {
        var bytes = await SealAsync(Bytes(3 * SealChunk.Length, 1));
        byte[] swapped =
        [
            .. bytes[..Header],
            .. bytes[(Header + Chunk)..(Header + (2 * Chunk))],
            .. bytes[Header..(Header + Chunk)],
            .. bytes[(Header + (2 * Chunk))..],
        ];
        (swapped[Header + 3], swapped[Header + Chunk + 3]) = (0, 1);
        Assert.Equal(SealFault.Damaged, (await FaultAsync(swapped)).Fault);
    }

    [Fact]
    public async Task An_end_that_is_forged_does_not_open()
    {
        var bytes = (await SealAsync(Bytes(3 * SealChunk.Length, 1)))[..(Header + Chunk)];
        bytes[Header + 4] |= 0x80;
        Assert.Equal(SealFault.Damaged, (await FaultAsync(bytes)).Fault);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_named() =>
        Assert.Equal(SealFault.Extended, (await FaultAsync([.. await SealAsync(Bytes(10, 1)), 0])).Fault);

    [Fact]
    public async Task Who_has_another_key_is_told_which_one_it_takes()
    {
        var other = BackupKey.Parse(new string('2', 64));
        var fault = await FaultAsync(await SealAsync(Bytes(10, 1)), key: other);
        Assert.Equal(
            (SealFault.OtherKey, $"{Name} is sealed with the backup key {s_key.Id}, not with {other.Id}. Use the key {s_key.Id}."),
            (fault.Fault, fault.Message)
        );
    }

    [Fact]
    public async Task An_object_cannot_stand_in_for_another() =>
        Assert.Equal(SealFault.OtherObject, (await FaultAsync(await SealAsync(Bytes(10, 1)), name: "backups/two.sealed")).Fault);

    [Fact]
    public async Task What_begins_otherwise_was_not_sealed()
    {
        Assert.Equal(SealFault.NotSealed, (await FaultAsync([])).Fault);
        Assert.Equal(SealFault.NotSealed, (await FaultAsync("just a text"u8.ToArray())).Fault);
    }

    [Fact]
    public async Task A_newer_format_is_not_guessed_at()
    {
        var bytes = await SealAsync([]);
        bytes[7] = 2;
        Assert.Equal(SealFault.UnknownVersion, (await FaultAsync(bytes)).Fault);
    }

    [Fact]
    public async Task What_its_writer_did_not_complete_does_not_open()
    {
        using var target = new MemoryStream();
        await using (var sealing = new SealingStream(target, s_key, Name))
            await sealing.WriteAsync(Bytes((2 * SealChunk.Length) + 1, 1));
        Assert.Equal(SealFault.Truncated, (await FaultAsync(target.ToArray())).Fault);
    }

    [Fact]
    public async Task The_same_bytes_are_never_sealed_alike() => Assert.NotEqual(await SealAsync([1, 2, 3]), await SealAsync([1, 2, 3]));

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> SealAsync(byte[] plain)
    {
        using var target = new MemoryStream();
        await using var sealing = new SealingStream(target, s_key, Name);
        await sealing.WriteAsync(plain);
        await sealing.CompleteAsync();
        return target.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] bytes, BackupKey? key = null, string name = Name)
    {
        await using var opening = new OpeningStream(new MemoryStream(bytes), key ?? s_key, name);
        using var opened = new MemoryStream();
        await opening.CopyToAsync(opened);
        return opened.ToArray();
    }

    private static Task<SealException> FaultAsync(byte[] bytes, BackupKey? key = null, string name = Name) =>
        Assert.ThrowsAsync<SealException>(() => OpenAsync(bytes, key, name));

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class Dripping(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + random.Next(200_000))], cancellationToken);
    }
}
