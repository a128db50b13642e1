using WpFarm.Backups.Catalogue;

namespace WpFarm.Tests.Contracts.Api;

public sealed class BackupKindTests
{
    public static TheoryData<BackupKind> Kinds => [.. BackupKinds.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_kind_needs_is_a_property_of_the_manifest(BackupKind kind) =>
        Assert.Subset(
            ManifestJson.Default.BackupManifest.Properties.Select(property => property.Name).ToHashSet(),
            kind.Traits.Needs.ToHashSet()
        );

    [Fact]
    public void Only_a_kind_that_can_be_ordered_has_an_option_for_it() =>
        Assert.All(BackupKinds.All.Where(kind => kind.Traits.OrderOption is not null), kind => Assert.True(kind.Traits.CanBeOrdered));
}
