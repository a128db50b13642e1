using WpFarm.Tests.Integration.Run;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(FarmOrder))]

namespace WpFarm.Tests.Integration.Run;

/// <summary>
/// Orders the collections by name. Those that need an engine are named "farm 1: …", "farm 2: …" and run one after the other once the
/// fast tests have ended: on a machine that is busy with those, the measured times would be wrong.
/// </summary>
public sealed class FarmOrder : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];
}
