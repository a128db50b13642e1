using MaxMind.Db;

namespace WpFarm.Deployment.NetworkDatabases;

/// <summary>What a database of countries says about a network, as far as the farm uses it.</summary>
internal sealed record CountryRecord
{
    /// <summary>Where the addresses are used. Null: nobody knows, or everywhere.</summary>
    [MapKey("country")]
    public CountryName? Country { get; init; }
}

internal sealed record CountryName
{
    /// <summary>ISO 3166, upper case.</summary>
    [MapKey("iso_code")]
    public string? Code { get; init; }
}

/// <summary>What a database of autonomous systems says about a network.</summary>
internal sealed record SystemRecord
{
    [MapKey("autonomous_system_number")]
    public long? Number { get; init; }
}
