namespace WpFarm.Orchestrator.Certificates;

/// <summary>Asks the ACME authority for certificates.</summary>
internal interface IAcmeClient
{
    /// <summary>Orders a host's certificate. The authority validates the host by HTTP-01, through the edge.</summary>
    /// <param name="account">What an order before answered as its account. Null: a new account is opened.</param>
    /// <exception cref="AcmeException">The authority did not issue it, or does not answer.</exception>
    Task<AcmeOrder> OrderAsync(string host, string? account, CancellationToken cancel);

    /// <summary>Asks the host for a random word, the way the authority will.</summary>
    /// <returns>Null if the host leads to this farm. Otherwise why not.</returns>
    Task<string?> ProblemOfAsync(string host, CancellationToken cancel);
}

/// <param name="Pem">Certificate, chain and key.</param>
/// <param name="Account">The account, for the next order. Secret.</param>
internal sealed record AcmeOrder(string Pem, string Account);

/// <summary>The authority did not issue a certificate. The message says why.</summary>
internal sealed class AcmeException(string message, bool rateLimited = false) : Exception(message)
{
    public bool RateLimited => rateLimited;
}
