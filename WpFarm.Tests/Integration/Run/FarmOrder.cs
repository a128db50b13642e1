using WpFarm.Tests.Integration.Run;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(FarmOrder))]

namespace WpFarm.Tests.Integration.Run;

/// <summary>
/// Orders the collections by name. Those that need an engine are named "farm 1: …", "farm 2: …" and run one after the other when the fast
/// tests have ended: a machine that is busy with those would be what the farm's times tell of.
/// </summary>
public sealed class FarmOrder : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];
}
