using System.Diagnostics.CodeAnalysis;

namespace WpFarm.Contracts.Api.Routes;

/// <summary>
/// An enum as the parameter of a call, written as in JSON (<c>binaryLog</c>). ASP.NET would bind a bare enum by the exact name of its
/// member alone (<c>BinaryLog</c>).
/// </summary>
public readonly record struct EnumWord<T>(T Value)
    where T : struct, Enum
{
    public static implicit operator EnumWord<T>(T value) => new(value);

    /// <summary>Upper and lower case are the same.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "ASP.NET finds it by its name.")]
    public static bool TryParse([NotNullWhen(true)] string? text, out EnumWord<T> word)
    {
        var found = Enum.GetValues<T>().Where(value => ApiJson.Word(value).Equals(text, StringComparison.OrdinalIgnoreCase)).ToList();
        word = new(found.FirstOrDefault());
        return found.Count > 0;
    }

    public override string ToString() => ApiJson.Word(Value);
}
