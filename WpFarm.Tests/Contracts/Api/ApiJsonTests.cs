using System.Text.Json;

namespace WpFarm.Tests.Contracts.Api;

public sealed class ApiJsonTests
{
    private const string Tier = """{"tier":"gold","mode":"advice","min":2,"max":6,"signals":{"cpu":71.5},"alert":"atMaximum"}""";

    [Fact]
    public void Names_and_values_are_in_camel_case()
    {
        var tier = JsonSerializer.Deserialize<TierScaling>(Tier, ApiJson.Strict)!;

        Assert.Equal((ScalingMode.Advice, ScalingAlert.AtMaximum, 71.5), (tier.Mode, tier.Alert, tier.Signals[Signal.Cpu]));
        Assert.Contains(
            """
            "alert":"atMaximum"
            """.Trim(),
            JsonSerializer.Serialize(tier, ApiJson.Options),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_kind_of_backup_is_in_lower_case()
    {
        var json = JsonSerializer.Serialize(new BackupKindStatus(BackupKind.BinaryLog, 3, 900, default), ApiJson.Options);

        Assert.StartsWith("""{"kind":"binarylog",""", json, StringComparison.Ordinal);
        Assert.Equal(BackupKind.BinaryLog, JsonSerializer.Deserialize<BackupKindStatus>(json, ApiJson.Strict)!.Kind);
    }

    [Fact]
    public void A_missing_property_is_an_error_that_names_it()
    {
        var json = Tier.Replace("\"max\":6,", "", StringComparison.Ordinal);

        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TierScaling>(json, ApiJson.Options));

        Assert.Contains("'max'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_where_there_must_be_a_value_is_an_error_that_names_it()
    {
        var json = Tier.Replace("\"gold\"", "null", StringComparison.Ordinal);

        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TierScaling>(json, ApiJson.Options));

        Assert.Contains("Tier", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_property_is_skipped_by_clients_and_an_error_that_names_it_in_tests()
    {
        var json = Tier.Replace("\"max\"", "\"later\":1,\"max\"", StringComparison.Ordinal);

        Assert.Equal(6, JsonSerializer.Deserialize<TierScaling>(json, ApiJson.Options)!.Max);
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TierScaling>(json, ApiJson.Strict));
        Assert.Contains("'later'", error.Message, StringComparison.Ordinal);
    }
}
