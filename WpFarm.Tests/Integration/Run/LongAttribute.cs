using Xunit.v3;

namespace WpFarm.Tests.Integration.Run;

/// <summary>
/// Marks a test that <c>./farm test --long</c> runs and the gate (<c>./farm test</c>) does not: the gate runs one test per kind of failure,
/// and takes 25 minutes.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LongAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Kind", "Long")];
}
