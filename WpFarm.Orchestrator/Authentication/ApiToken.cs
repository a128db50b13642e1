using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Orchestrator.Authentication;

/// <summary>The token that callers of the API must know: what the file says at that moment.</summary>
internal sealed class ApiToken(string file)
{
    /// <summary>Takes as long for a wrong token as for a nearly right one, whatever its length: hashes are what is compared.</summary>
    public bool Matches(string candidate) =>
        SecretFile.Accepted(file).Any(token => CryptographicOperations.FixedTimeEquals(Hash(token), Hash(candidate)));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
