using System.Reflection;

namespace WpFarm.Tests.Architecture;

/// <summary>In the product, the build checks it (VSTHRD200). Here, where test names are sentences, a test does.</summary>
public sealed class AsyncNameTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Helpers_that_return_a_task_end_with_Async() =>
        Assert.Empty(
            from type in Project.TypesOf(typeof(AsyncNameTests).Assembly)
            from method in type.GetMethods(Declared)
            where IsAwaited(method.ReturnType) && !IsTest(method) && IsNamedHere(method)
            where !method.Name.EndsWith("Async", StringComparison.Ordinal)
            select $"{type.Name}.{method.Name}"
        );

    private static bool IsAwaited(Type type) =>
        typeof(Task).IsAssignableFrom(type)
        || type == typeof(ValueTask)
        || (
            type.IsGenericType
            && (type.GetGenericTypeDefinition() is var open && (open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>)))
        );

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes().Any(attribute => attribute is Xunit.v3.IFactAttribute);

    /// <summary>Neither by the compiler, nor by what it implements.</summary>
    private static bool IsNamedHere(MethodInfo method) =>
        !method.IsSpecialName && !method.Name.Contains('<') && method.GetBaseDefinition() == method && !Implements(method);

    private static bool Implements(MethodInfo method) =>
        !method.DeclaringType!.IsInterface
        && method.DeclaringType.GetInterfaces().Any(face => method.DeclaringType.GetInterfaceMap(face).TargetMethods.Contains(method));
}
