using System.Security.Cryptography;

namespace WpFarm.Backups.Sealing;

/// <summary>
/// The key that seals a farm's backups: 256 bits, the secret <c>backup-key</c>. Without it no backup can be restored, so the operator keeps
/// a copy elsewhere.
/// </summary>
public sealed class BackupKey
{
    private const int Length = 32;

    private readonly byte[] _key;

    private BackupKey(byte[] key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "wpfarm backup key id"u8, .. key])[..KeyIdLength]);
    }

    /// <summary>Identifies the key without revealing it: 16 hexadecimal digits, safe to show.</summary>
    public string Id { get; }

    internal const int KeyIdLength = 8;

    /// <param name="hex">64 hexadecimal digits; white space around them is ignored.</param>
    /// <exception cref="FormatException">The text is not a key. The message does not repeat it.</exception>
    public static BackupKey Parse(string hex)
    {
        var digits = hex.Trim();
        if (digits.Length != 2 * Length)
            throw new FormatException(
                $"The backup key has {digits.Length} characters. It must be {2 * Length} hexadecimal digits (openssl rand -hex {Length})."
            );
        if (!digits.All(char.IsAsciiHexDigit))
            throw new FormatException(
                $"The backup key must be hexadecimal; its character {digits.TakeWhile(char.IsAsciiHexDigit).Count() + 1} is not."
            );
        return new BackupKey(Convert.FromHexString(digits));
    }

    /// <summary>Derives the key of one sealed object, and the proof that the backup key belongs to it.</summary>
    internal void Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, derived, salt, info);

    public override string ToString() => Id;
}
