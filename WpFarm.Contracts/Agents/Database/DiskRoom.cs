using System.Globalization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>Answered as text: the two numbers with a space between, for example <c>162411661 9126805504</c>.</summary>
/// <param name="Data">Bytes of the server's data.</param>
/// <param name="Free">Bytes that are free beside it.</param>
public sealed record DiskRoom(long Data, long Free)
{
    /// <returns>Null when the text is not two numbers.</returns>
    public static DiskRoom? Parse(string text) =>
        text.Split(' ') is [var data, var free] && TryParse(data, out var dataBytes) && TryParse(free, out var freeBytes)
            ? new(dataBytes, freeBytes)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Data} {Free}");

    private static bool TryParse(string digits, out long number) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
