using WpFarm.Contracts.Api.Routes;

namespace WpFarm.Tests.Contracts.Api.Routes;

public sealed class ApiRouteTests
{
    [Fact]
    public void Parameters_that_the_path_names_are_in_it() =>
        Assert.Equal("/api/database/servers/mariadb-p2/maintenance/false", DatabaseRoutes.Maintain.PathOf(new("mariadb-p2", On: false)));

    [Fact]
    public void A_value_is_in_camel_case() =>
        Assert.Equal("/api/backups/now/binaryLog", BackupRoutes.Make.PathOf(new(BackupKind.BinaryLog)));

    [Fact]
    public void Others_are_in_the_query_and_escaped() =>
        Assert.Equal(
            "/api/restore/plan?to=2026-11-24T10%3A15%3A00%2B01%3A00&site=blog&into=wp_beside",
            BackupRoutes.PlanRestore.PathOf(new(To: "2026-11-24T10:15:00+01:00", Site: "blog", Into: "wp_beside"))
        );

    [Fact]
    public void A_flag_is_in_the_query_when_it_is_set() =>
        Assert.Equal("/api/restore?gtid=1-1-5&uploads=true", BackupRoutes.Restore.PathOf(new(Gtid: "1-1-5", Uploads: true)));

    [Fact]
    public void What_is_left_out_is_in_neither() => Assert.Equal("/api/restore", BackupRoutes.Restore.PathOf(new()));

    [Fact]
    public void A_body_is_in_neither() => Assert.Equal("/api/backups/configuration", BackupRoutes.StoreConfiguration.PathOf([1, 2]));

    /// <summary>A property that the path does not name would silently be in the query.</summary>
    [Fact]
    public void Each_name_in_a_path_is_a_property() => Assert.All(AllRoutes.Known, route =>
        {
            var names = route.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'));
            Assert.Subset(AllRoutes.ParametersOf(route).ToHashSet(), names.ToHashSet());
        });

    [Theory]
    [InlineData("full", BackupKind.Full)]
    [InlineData("Full", BackupKind.Full)]
    [InlineData("binaryLog", BackupKind.BinaryLog)]
    [InlineData("fuller", null)]
    [InlineData("0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_word_is_understood_in_upper_and_lower_case(string? text, BackupKind? expected) =>
        Assert.Equal(expected, EnumWord<BackupKind>.TryParse(text, out var word) ? word.Value : null);

    /// <summary>ASP.NET binds a bare enum by the exact name of its member, which no client writes.</summary>
    [Fact]
    public void A_parameter_that_is_an_enum_is_a_word() =>
        Assert.Empty(
            AllRoutes
                .Known.SelectMany(route => route.Parameters.GetProperties())
                .Where(property => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).IsEnum)
                .Select(property => $"{property.DeclaringType!.Name}.{property.Name}: use EnumWord<{property.PropertyType.Name}>")
        );
}
