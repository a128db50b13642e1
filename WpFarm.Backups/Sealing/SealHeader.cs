using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Backups.Sealing;

/// <summary>
/// The first 64 bytes of a sealed object:
/// <code>
///  0  "WPFSEAL"         7 bytes
///  7  version, 1        1
///  8  key id            8
/// 16  salt             32    random
/// 48  proof            16    of key and name
/// </code>
/// Key and proof are HKDF-SHA256 of the backup key, with the first 48 bytes as salt and the object's name as info. So each object has a
/// key of its own, and no object can replace another.
/// </summary>
internal static class SealHeader
{
    public const int Length = 64;

    private const byte Version = 1;
    private const int KeyIdAt = 8;
    private const int SaltAt = 16;
    private const int ProofAt = 48;
    private const int KeyLength = 32;

    private static ReadOnlySpan<byte> Magic => "WPFSEAL"u8;

    public static AesGcm Write(Span<byte> header, BackupKey key, string name)
    {
        Magic.CopyTo(header);
        header[Magic.Length] = Version;
        Convert.FromHexString(key.Id).CopyTo(header[KeyIdAt..]);
        RandomNumberGenerator.Fill(header[SaltAt..ProofAt]);
        return Derive(header, key, name, header[ProofAt..]);
    }

    /// <exception cref="SealException">The key does not open the object.</exception>
    public static AesGcm Read(ReadOnlySpan<byte> header, BackupKey key, string name)
    {
        var magic = header[..Math.Min(header.Length, Magic.Length)];
        if (!Magic.StartsWith(magic) || header.IsEmpty)
            throw new SealException(SealFault.NotSealed, $"{name} is not a sealed backup: its header is missing.");
        if (header.Length < Length)
            throw new SealException(SealFault.Truncated, $"{name} is truncated: it ends after {header.Length} bytes, within its header.");
        if (header[Magic.Length] != Version)
            throw new SealException(
                SealFault.UnknownVersion,
                $"{name} is sealed in format {header[Magic.Length]}; this program reads format {Version}. Use a newer WpFarm."
            );
        var id = Convert.ToHexStringLower(header[KeyIdAt..SaltAt]);
        if (id != key.Id)
            throw new SealException(SealFault.OtherKey, $"{name} is sealed with the backup key {id}, not with {key.Id}. Use the key {id}.");
        Span<byte> proof = stackalloc byte[Length - ProofAt];
        var cipher = Derive(header, key, name, proof);
        if (CryptographicOperations.FixedTimeEquals(proof, header[ProofAt..Length]))
            return cipher;
        cipher.Dispose();
        throw new SealException(SealFault.OtherObject, $"{name} was sealed under another name, or its header is damaged.");
    }

    private static AesGcm Derive(ReadOnlySpan<byte> header, BackupKey key, string name, Span<byte> proof)
    {
        Span<byte> derived = stackalloc byte[KeyLength + proof.Length];
        key.Derive(header[..ProofAt], Encoding.UTF8.GetBytes($"wpfarm sealed object {name}"), derived);
        derived[KeyLength..].CopyTo(proof);
        var cipher = new AesGcm(derived[..KeyLength], SealChunk.TagLength);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
