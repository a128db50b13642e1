using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>
/// Seals what the database keeps of certificates: AES-256-GCM, with a key derived from the farm's edge key (HKDF-SHA-256), a random nonce
/// of 12 bytes before the ciphertext and the tag of 16 bytes behind it, all in Base64. An item's name is authenticated with it, so that no
/// item can take another's place.
/// </summary>
internal sealed class CertificateSeal(string edgeKey)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(edgeKey),
        outputLength: 32,
        info: "wpfarm certificates"u8.ToArray()
    );

    public string Seal(string name, string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(
            box.AsSpan(0, NonceLength),
            plain,
            box.AsSpan(NonceLength, plain.Length),
            box.AsSpan(NonceLength + plain.Length),
            Encoding.UTF8.GetBytes(name)
        );
        return Convert.ToBase64String(box);
    }

    /// <returns>The text. Null if another key sealed it, or another name, or it was changed.</returns>
    public string? Open(string name, string sealedText)
    {
        var box = new byte[sealedText.Length];
        if (!Convert.TryFromBase64String(sealedText, box, out var length) || length < NonceLength + TagLength)
            return null;
        var plain = new byte[length - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(
                box.AsSpan(0, NonceLength),
                box.AsSpan(NonceLength, plain.Length),
                box.AsSpan(length - TagLength, TagLength),
                plain,
                Encoding.UTF8.GetBytes(name)
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(plain);
    }
}
