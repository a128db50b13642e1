using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// The data that a server had before it was given other data, on its volume: <c>{"bytes":162411661,"since":1795627579}</c>.
/// </summary>
/// <param name="Bytes">Of its files.</param>
/// <param name="Since">When it was put aside; Unix seconds in JSON.</param>
public sealed record DataAside(long Bytes, [property: JsonConverter(typeof(UnixSecondsConverter))] DateTimeOffset Since);
