using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Authentication;

/// <summary>The token that callers of the API must know. Only its hash stays in memory.</summary>
internal sealed class ApiToken(string token)
{
    private readonly byte[] _hash = Hash(token);

    /// <summary>Takes as long for a wrong token as for a nearly right one, whatever its length: hashes are what is compared.</summary>
    public bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(_hash, Hash(candidate));

    public static ApiToken Read(string file)
    {
        var token = File.ReadAllText(file).Trim();
        return token.Length > 0 ? new ApiToken(token) : throw new OptionsValidationException(nameof(ApiTokenOptions.TokenFile), typeof(ApiTokenOptions), [$"{file} is empty; it must hold the API's token."]);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
