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
/// 48  proof            16    that key and name are the ones it was sealed with
/// </code>
/// Key and proof are HKDF-SHA256 of the backup key, with the first 48 bytes as salt and the object's name as info. So each object has a
/// key of its own, and none can stand in for another.
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

    /// <exception cref="SealException">This key does not open this object.</exception>
    public static AesGcm Read(ReadOnlySpan<byte> header, BackupKey key, string name)
    {
        var magic = header[..Math.Min(header.Length, Magic.Length)];
        if (!Magic.StartsWith(magic) || header.IsEmpty)
            throw new SealException(SealFault.NotSealed, $"{name} is no sealed backup: it does not begin like one.");
        if (header.Length < Length)
            throw new SealException(SealFault.Truncated, $"{name} ends after {header.Length} bytes, within its header.");
        if (header[Magic.Length] != Version)
            throw new SealException(
                SealFault.UnknownVersion,
                $"{name} is sealed in format {header[Magic.Length]}; this program reads {Version}. Use a newer one."
            );
        var id = Convert.ToHexStringLower(header[KeyIdAt..SaltAt]);
        if (id != key.Id)
            throw new SealException(SealFault.OtherKey, $"{name} is sealed with the backup key {id}; the key given is {key.Id}.");
        Span<byte> proof = stackalloc byte[Length - ProofAt];
        var cipher = Derive(header, key, name, proof);
        if (CryptographicOperations.FixedTimeEquals(proof, header[ProofAt..Length]))
            return cipher;
        cipher.Dispose();
        throw new SealException(
            SealFault.OtherObject,
            $"{name} does not hold what was sealed under that name: it is another object, or its header is damaged."
        );
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
