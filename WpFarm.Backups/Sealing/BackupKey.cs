using System.Security.Cryptography;

namespace WpFarm.Backups.Sealing;

/// <summary>
/// The key that a farm's backups are sealed with: 256 bits, the farm's secret <c>backup-key</c>. Without it they are noise, so the operator
/// holds a copy elsewhere.
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

    /// <summary>Names the key and tells nothing about it: 16 hexadecimal digits, safe to show.</summary>
    public string Id { get; }

    internal const int KeyIdLength = 8;

    /// <param name="hex">64 hexadecimal digits; white space around them is ignored.</param>
    /// <exception cref="FormatException">It is no key. The message does not repeat it.</exception>
    public static BackupKey Parse(string hex)
    {
        var digits = hex.Trim();
        if (digits.Length != 2 * Length)
            throw new FormatException(
                $"The backup key has {digits.Length} characters. It must be {2 * Length} hexadecimal digits (openssl rand -hex {Length})."
            );
        if (!digits.All(char.IsAsciiHexDigit))
            throw new FormatException(
                $"The backup key must be hexadecimal; its character {digits.TakeWhile(char.IsAsciiHexDigit).Count() + 1} is no hexadecimal digit."
            );
        return new BackupKey(Convert.FromHexString(digits));
    }

    /// <summary>What is derived for one sealed object: its own key, and a proof that the key belongs to it.</summary>
    internal void Derive(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> derived) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, derived, salt, info);

    public override string ToString() => Id;
}
