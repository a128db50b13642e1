using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace WpFarm.Tests.Integration.Run;

/// <summary>Orders the classes of one farm by their <see cref="Stage"/>, then by name, so that each run has the same order.</summary>
public sealed class StageOrder : ITestClassOrderer
{
    public IReadOnlyCollection<TTestClass?> OrderTestClasses<TTestClass>(IReadOnlyCollection<TTestClass?> testClasses)
        where TTestClass : ITestClass =>
        [.. testClasses.OrderBy(StageOf).ThenBy(testClass => testClass?.TestClassName, StringComparer.Ordinal)];

    private static Stage StageOf<TTestClass>(TTestClass? testClass)
        where TTestClass : ITestClass =>
        (testClass as IXunitTestClass)?.Class.GetCustomAttribute<IntegrationAttribute>()?.Stage ?? Stage.Reads;
}
