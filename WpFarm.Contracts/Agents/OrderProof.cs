using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Contracts.Agents;

/// <summary>
/// Proves to an agent that an order comes from the Orchestrator: a message authentication code over the order, the agent's name and the
/// time, with a secret that both have.
/// </summary>
/// <remarks>
/// <para>The header of the request is</para>
/// <code>Authorization: Proof SECONDS HMAC</code>
/// <list type="bullet">
/// <item>SECONDS: when the order was sent, in Unix seconds; 1 to 12 decimal digits without leading zeros.</item>
/// <item>HMAC: HMAC-SHA256 in 64 lower-case hexadecimal digits. Its key is the UTF-8 bytes of one line of the secret's file.</item>
/// <item>
/// The signed text, in UTF-8, is <c>METHOD TARGET\nAGENT\nSECONDS</c>, without a line feed at its end. METHOD and TARGET (path and query)
/// are as they stand in the request line, percent-encoding included. AGENT is the agent's own name, so that an order to one server is
/// refused by every other.
/// </item>
/// <item>Headers and body are not signed, so agents take every argument from the query.</item>
/// <item>
/// Clock skew: SECONDS may be up to and including 300 seconds before or after the agent's clock. An attacker who records an order on the
/// network can repeat it to the same agent within this window; agents keep no list of proofs.
/// </item>
/// <item>
/// While a secret is being changed its file has two lines. The Orchestrator signs with the first line; an agent accepts both.
/// </item>
/// <item>An agent answers an order without a valid proof with status 403 and does nothing.</item>
/// </list>
/// <para>
/// Example: with the key <c>of-the-agent</c>, <c>POST /snapshots</c> to <c>uploads-backup</c> at 1795626000 has the proof
/// <c>be388e13be8cf54ea8c463db071556475c7f96906262e015b0b4f74da0769b9f</c>.
/// </para>
/// <para>Both agents check this proof, with the differences below. Pools use a header instead:</para>
/// <code>
///                        | database agent (Perl)        | uploads agent (Python) | pool (PHP)
/// -----------------------+------------------------------+------------------------+--------------------------------------
/// where it is checked    | images/mariadb/Agent/Http.pm | uploads_backup/proof.py| images/wordpress/farm/forget.php
/// key, a secret          | mariadb-orchestrator-password| backup-agent-key       | none: X-Farm-Order, see PoolHeaders
/// AGENT                  | report_host of my.cnf        | name in its settings   | -
/// digits of SECONDS      | any number                   | 1 to 12                | -
/// agent's clock          | whole seconds                | with fractions: 300.4 s| -
///                        |                              | is too old             |
/// spaces around the key  | part of it                   | removed                | -
/// comparison of the HMAC | ordinary                     | in constant time       | -
/// 403 answers            | text                         | JSON, fault notProven  | 404
/// needs no proof         | nothing                      | GET /healthz           | -
/// </code>
/// </remarks>
/// <param name="Seconds">When the order was sent, in Unix seconds.</param>
/// <param name="Hmac">64 lower-case hexadecimal digits.</param>
public sealed record OrderProof(long Seconds, string Hmac)
{
    public const string Scheme = "Proof";

    /// <summary>Largest difference between the time of an order and the agent's clock, in either direction.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromSeconds(300);

    private const int MaximumDigits = 12;

    /// <summary>The part of the header after <see cref="Scheme"/>.</summary>
    public string Credentials => string.Create(CultureInfo.InvariantCulture, $"{Seconds} {Hmac}");

    /// <param name="line">Method, path and query as they are sent: <see cref="AgentOrder.Line"/>.</param>
    /// <param name="agent">The agent's name.</param>
    /// <param name="key">The secret, without a line feed.</param>
    public static OrderProof Of(string line, string agent, string key, DateTimeOffset at) => Of(line, agent, key, at.ToUnixTimeSeconds());

    /// <param name="authorization">The value of the header <c>Authorization</c>; null when there is none.</param>
    /// <returns>Null when it is not a proof.</returns>
    public static OrderProof? Parse(string? authorization) =>
        authorization?.Split(' ') is [Scheme, { Length: <= MaximumDigits } digits, { Length: SHA256.HashSizeInBytes * 2 } hmac]
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && hmac.All(char.IsAsciiHexDigitLower)
            ? new(seconds, hmac)
            : null;

    /// <summary>The check that an agent makes before it carries out an order.</summary>
    /// <param name="line">Method, path and query as they were received.</param>
    /// <param name="agent">The agent's own name.</param>
    /// <param name="keys">Every line of the secret's file.</param>
    /// <param name="now">The agent's clock.</param>
    public bool IsValid(string line, string agent, IEnumerable<string> keys, DateTimeOffset now) =>
        Math.Abs(now.ToUnixTimeSeconds() - Seconds) <= Validity.TotalSeconds && keys.Any(key => IsSignedWith(key, line, agent));

    public override string ToString() => $"{Scheme} {Credentials}";

    private bool IsSignedWith(string key, string line, string agent) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(line, agent, key, Seconds).Hmac), Encoding.ASCII.GetBytes(Hmac));

    private static OrderProof Of(string line, string agent, string key, long seconds)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{line}\n{agent}\n{seconds}");
        return new(seconds, Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text))));
    }
}
