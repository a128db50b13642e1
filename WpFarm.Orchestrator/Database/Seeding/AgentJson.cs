using System.Text.Json.Serialization;
using WpFarm.Backups.Catalogue;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>What agents answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(IReadOnlyList<LogEntry>))]
[JsonSerializable(typeof(IReadOnlyList<TableDigest>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(AsideEntry))]
[JsonSerializable(typeof(DataOrigin))]
internal sealed partial class AgentJson : JsonSerializerContext;

/// <summary><c>{"file":"binlog.000002","bytes":1885,"start":"1-1-4","end":"1-1-8,2-2-51"}</c></summary>
internal sealed record LogEntry(string File, long Bytes, string Start, string? End = null);

/// <summary><c>{"bytes":162411661,"since":1795627579}</c>: unix seconds.</summary>
internal sealed record AsideEntry(long Bytes, long Since);
