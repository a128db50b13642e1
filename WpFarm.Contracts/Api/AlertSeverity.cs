using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Api;

/// <summary>The seed's three levels, the least severe first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertSeverity>))]
public enum AlertSeverity
{
    /// <summary>For the record.</summary>
    [JsonStringEnumMemberName("info")]
    Info,

    /// <summary>For working hours.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>Wakes a person at any hour.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
