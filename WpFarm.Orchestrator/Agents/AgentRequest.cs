using System.Net.Http.Headers;
using WpFarm.Contracts.Agents;

namespace WpFarm.Orchestrator.Agents;

/// <summary>The HTTP request of an order, with its proof.</summary>
internal static class AgentRequest
{
    /// <param name="address">Of the agent: <c>http://HOST:PORT</c>.</param>
    /// <param name="agent">The name that the agent goes by.</param>
    /// <param name="keyFile">The secret that the agent has too; its first line is used.</param>
    public static HttpRequestMessage Of(AgentOrder order, Uri address, string agent, string keyFile, TimeProvider time)
    {
        var proof = OrderProof.Of(order.Line, agent, SecretFile.Read(keyFile), time.GetUtcNow());
        return new HttpRequestMessage(HttpMethod.Parse(order.Route.Method), new Uri(address, order.Target))
        {
            Headers = { Authorization = new AuthenticationHeaderValue(OrderProof.Scheme, proof.Credentials) },
        };
    }
}
