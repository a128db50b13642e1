using System.Globalization;

namespace WpFarm.Topology.FarmFile;

/// <summary>Networks that a database knows under one name: those of a country, or of an autonomous system.</summary>
/// <param name="Name">The country's two letters (ISO 3166, upper case), or the system's number.</param>
public sealed record NetworkGroup(NetworkGroupKind Kind, string Name)
{
    private const string Country = "country:";
    private const string System = "AS";

    /// <summary>As in the lists of farm.json.</summary>
    public override string ToString() => (Kind is NetworkGroupKind.Country ? Country : System) + Name;

    /// <summary>A group from its name in a list of farm.json, in upper or lower case. Null if the text is none.</summary>
    internal static NetworkGroup? Parse(string text) =>
        KindOf(text) switch
        {
            NetworkGroupKind.Country
                when text[Country.Length..] is [var first, var second] letters && char.IsAsciiLetter(first) && char.IsAsciiLetter(second) =>
                new(NetworkGroupKind.Country, letters.ToUpperInvariant()),
            NetworkGroupKind.System
                when uint.TryParse(text.AsSpan(System.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number > 0 => new(NetworkGroupKind.System, number.ToString(CultureInfo.InvariantCulture)),
            _ => null,
        };

    /// <summary>What a text begins like. Null: neither like a country nor like an autonomous system.</summary>
    internal static NetworkGroupKind? KindOf(string text) =>
        text.StartsWith(Country, StringComparison.OrdinalIgnoreCase) ? NetworkGroupKind.Country
        : text.StartsWith(System, StringComparison.OrdinalIgnoreCase) ? NetworkGroupKind.System
        : null;
}

public enum NetworkGroupKind
{
    Country,

    /// <summary>An autonomous system: the networks of one operator.</summary>
    System,
}
