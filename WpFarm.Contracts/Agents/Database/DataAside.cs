using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// The data that a server had before it was replaced, kept on its volume: <c>{"bytes":162411661,"since":1795627579}</c>.
/// </summary>
/// <param name="Bytes">Size of its files.</param>
/// <param name="Since">When it was replaced; Unix seconds in JSON.</param>
public sealed record DataAside(long Bytes, [property: JsonConverter(typeof(UnixSecondsConverter))] DateTimeOffset Since);
