using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Orchestrator;

/// <summary>How an agent knows that an order is the Orchestrator's: by a secret that both have, for this order, to this agent, now.</summary>
internal static class OrderProof
{
    /// <param name="order">Method, path and query, for example <c>GET /copy?since=5</c>.</param>
    /// <param name="agent">The name that the agent goes by: on another the order is worth nothing.</param>
    public static AuthenticationHeaderValue Of(string order, string agent, string keyFile, TimeProvider time)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds();
        var key = Encoding.UTF8.GetBytes(SecretFile.Read(keyFile));
        var proof = HMACSHA256.HashData(
            key,
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{order}\n{agent}\n{at}"))
        );
        return new AuthenticationHeaderValue(
            "Proof",
            string.Create(CultureInfo.InvariantCulture, $"{at} {Convert.ToHexStringLower(proof)}")
        );
    }
}
