namespace WpFarm.Contracts.Agents;

/// <summary>
/// Method and path of an order. The path has no parameters: all arguments are in the query, which the <see cref="OrderProof"/> covers.
/// </summary>
/// <param name="Method">GET reads and changes nothing. PUT has a body, a stream of any length. POST and DELETE have no body.</param>
/// <param name="Path">For example <c>/seed/base</c>.</param>
public sealed record AgentRoute(string Method, string Path)
{
    public override string ToString() => $"{Method} {Path}";
}
