using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents;

/// <summary>Writes <c>StoreFull</c> as <c>"storeFull"</c>.</summary>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
