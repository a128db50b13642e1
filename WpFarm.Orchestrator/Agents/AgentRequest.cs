using System.Net.Http.Headers;
using WpFarm.Contracts.Agents;

namespace WpFarm.Orchestrator.Agents;

/// <summary>Builds the HTTP request for an order, with its proof.</summary>
internal static class AgentRequest
{
    /// <param name="address">Address of the agent: <c>http://HOST:PORT</c>.</param>
    /// <param name="agent">Name of the agent.</param>
    /// <param name="keyFile">File of the secret that is shared with the agent. Its first line is used.</param>
    public static HttpRequestMessage Of(AgentOrder order, Uri address, string agent, string keyFile, TimeProvider time)
    {
        var proof = OrderProof.Of(order.Line, agent, SecretFile.Read(keyFile), time.GetUtcNow());
        return new HttpRequestMessage(HttpMethod.Parse(order.Route.Method), new Uri(address, order.Target))
        {
            Headers = { Authorization = new AuthenticationHeaderValue(OrderProof.Scheme, proof.Credentials) },
        };
    }
}
