using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Orchestrator.Authentication;

/// <summary>A token that callers must send: of the API, or of the edges. Its file is read for each request.</summary>
internal sealed class ApiToken(string file)
{
    /// <summary>Compares hashes, so that the time does not depend on how much of a wrong token is right, or on its length.</summary>
    public bool Matches(string candidate) =>
        SecretFile.Accepted(file).Any(token => CryptographicOperations.FixedTimeEquals(Hash(token), Hash(candidate)));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
