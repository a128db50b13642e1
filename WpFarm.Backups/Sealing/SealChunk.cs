using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WpFarm.Backups.Sealing;

/// <summary>
/// Chunks of 1 MiB follow the header. The last one is shorter and may be empty:
/// <code>
/// 0  number                      4 bytes, big-endian, from 0
/// 4  length, top bit: is last    4
/// 8  ciphertext                  length
///    tag                         16
/// </code>
/// Number and last bit are part of the nonce, so they are authenticated too. The plain copies serve error messages only.
/// </summary>
internal static class SealChunk
{
    public const int Length = 1 << 20;
    public const int TagLength = 16;
    public const int HeaderLength = 8;
    public const int MaximumLength = HeaderLength + Length + TagLength;

    private const uint LastBit = 1u << 31;

    /// <summary><see cref="ArrayPool{T}.Shared"/> would keep one buffer of each length per thread.</summary>
    public static ArrayPool<byte> Buffers { get; } = ArrayPool<byte>.Create(MaximumLength, maxArraysPerBucket: 4);

    /// <returns>The length of the sealed chunk.</returns>
    public static int Seal(AesGcm cipher, uint number, bool last, ReadOnlySpan<byte> plain, Span<byte> chunk)
    {
        BinaryPrimitives.WriteUInt32BigEndian(chunk, number);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], (uint)plain.Length | (last ? LastBit : 0));
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, number, last);
        cipher.Encrypt(nonce, plain, chunk.Slice(HeaderLength, plain.Length), chunk.Slice(HeaderLength + plain.Length, TagLength));
        return HeaderLength + plain.Length + TagLength;
    }

    public static (uint Number, int Length, bool Last) ReadHeader(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        return (BinaryPrimitives.ReadUInt32BigEndian(header), (int)(length & ~LastBit), (length & LastBit) != 0);
    }

    /// <param name="sealed">Ciphertext and tag.</param>
    /// <returns>False if the chunk is damaged.</returns>
    public static bool TryOpen(AesGcm cipher, uint number, bool last, ReadOnlySpan<byte> @sealed, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce, number, last);
        try
        {
            cipher.Decrypt(nonce, @sealed[..^TagLength], @sealed[^TagLength..], plain);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static void WriteNonce(Span<byte> nonce, uint number, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[7..], number);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
