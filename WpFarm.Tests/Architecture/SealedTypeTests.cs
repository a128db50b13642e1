namespace WpFarm.Tests.Architecture;

public sealed class SealedTypeTests
{
    [Fact]
    public void A_class_from_which_no_class_inherits_is_sealed()
    {
        var types = Project.All.SelectMany(project => project.Types).Concat(Project.TypesOf(typeof(SealedTypeTests).Assembly)).ToList();
        var inherited = types.Select(type => type.BaseType).OfType<Type>().Select(Definition).ToHashSet();

        Assert.Empty(
            types
                .Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !inherited.Contains(type))
                .Select(type => type.FullName)
        );
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
