using System.Text.Json.Serialization;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Contracts.Agents;

/// <summary>
/// JSON options for all agents: property names and enum values in camelCase. A required value that is missing or null is an error;
/// unknown properties are skipped.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<BinaryLogFile>))]
[JsonSerializable(typeof(IReadOnlyList<TableContents>))]
[JsonSerializable(typeof(DataAside))]
[JsonSerializable(typeof(DataOrigin))]
[JsonSerializable(typeof(UploadsCheckReport))]
[JsonSerializable(typeof(UploadsForgetReport))]
[JsonSerializable(typeof(UploadsProgress))]
[JsonSerializable(typeof(UploadsRefusal))]
[JsonSerializable(typeof(UploadsRestoreList))]
[JsonSerializable(typeof(UploadsRestoreReport))]
[JsonSerializable(typeof(UploadsSample))]
[JsonSerializable(typeof(UploadsSnapshotList))]
[JsonSerializable(typeof(UploadsSnapshotReport))]
public sealed partial class AgentJson : JsonSerializerContext;
